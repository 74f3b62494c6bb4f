package io.ketju.tensor.kernel.activation;

import static io.ketju.tensor.simd.VectorMemory.address;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.formula.FormulaCall;
import io.ketju.tensor.simd.Operands;
import io.ketju.tensor.simd.TileRunner;

/** Activation functions, cut into tiles. */
public final class VectorActivations implements ActivationKernels {
    private final TileRunner tiles;
    private final PReluRows prelu;

    /**
     * Kernels whose tiles run on a pool.
     *
     * @param tiles the pool, open as long as these are used
     */
    public VectorActivations(TileRunner tiles) {
        this.tiles = tiles;
        prelu = new PReluRows(tiles);
    }

    @Override
    public void run(FormulaCall formula, Tensor... operands) {
        formula.run(tiles, operands);
    }

    @Override
    public void preluForward(PReluShape shape, Tensor x, Tensor w, Tensor y) {
        shape.check(x, y, w);
        long in = address(x);
        prelu.run(shape, address(w), in, in, address(y));
    }

    @Override
    public void preluBackwardInput(PReluShape shape, Tensor x, Tensor w, Tensor dy, Tensor dx) {
        shape.check(x, dy, w);
        Operands.elements(dy, dx);
        prelu.run(shape, address(w), address(x), address(dy), address(dx));
    }

    @Override
    public void preluBackwardWeight(PReluShape shape, Tensor x, Tensor dy, Tensor dw) {
        shape.check(x, dy, dw);
        prelu.weightGradient(shape, address(x), address(dy), address(dw));
    }
}
