package io.ketju.tensor.kernel.update;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.formula.FormulaCall;
import io.ketju.tensor.simd.TileRunner;

/** Optimizer updates by vectors, in one pass over memory. */
public final class VectorUpdates implements UpdateKernels {
    private final TileRunner tiles;

    public VectorUpdates(TileRunner tiles) {
        this.tiles = tiles;
    }

    @Override
    public void run(FormulaCall update, Tensor... operands) {
        update.run(tiles, operands);
    }
}
