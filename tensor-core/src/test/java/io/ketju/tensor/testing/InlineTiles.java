package io.ketju.tensor.testing;

import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.Ranges.RangeTask;
import io.ketju.tensor.simd.TileRunner;

/** Runs tiles backwards on the calling thread: an order that no pool would choose, and no result may notice. */
public final class InlineTiles implements TileRunner {
    private final Scratch scratch = new Scratch();

    @Override
    public void parallel(int count, int size, RangeTask task) {
        for (int tile = Math.ceilDiv(count, size) - 1; tile >= 0; tile--) {
            task.run(tile * size, Math.min(count, (tile + 1) * size));
        }
    }

    @Override
    public Scratch scratch() {
        return scratch;
    }
}
