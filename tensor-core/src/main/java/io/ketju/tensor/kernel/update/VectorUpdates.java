package io.ketju.tensor.kernel.update;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.formula.FormulaCall;
import io.ketju.tensor.simd.TileRunner;

/** Optimizer updates by vectors, in one pass over memory. */
public final class VectorUpdates implements UpdateKernels {
    private final TileRunner tiles;

    /**
     * Kernels whose tiles run on a pool.
     *
     * @param tiles the pool, open as long as the kernels are used
     */
    public VectorUpdates(TileRunner tiles) {
        this.tiles = tiles;
    }

    @Override
    public void run(FormulaCall update, Tensor... operands) {
        update.run(tiles, operands);
    }
}
