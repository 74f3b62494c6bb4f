package io.ketju.tensor.kernel.activation;

import static io.ketju.tensor.simd.VectorMemory.address;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.simd.Elements;
import io.ketju.tensor.simd.Operands;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.VectorExpLog;

/** Activation functions, cut into tiles. */
public final class VectorActivations implements ActivationKernels {
    private final TileRunner tiles;
    private final PReluRows prelu;

    public VectorActivations(TileRunner tiles) {
        this.tiles = tiles;
        prelu = new PReluRows(tiles);
    }

    @Override
    public void forward(Activation activation, Tensor x, Tensor y) {
        int count = Operands.elements(x, y);
        long in = address(x);
        Elements.run(tiles, count, in, in, address(y), ActivationRows.forward(activation));
    }

    @Override
    public void backward(Activation activation, Tensor saved, Tensor dy, Tensor dx) {
        int count = Operands.elements(saved, dy, dx);
        Elements.run(tiles, count, address(saved), address(dy), address(dx), ActivationRows.backward(activation));
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

    @Override
    public void exp(Tensor x, Tensor y) {
        int count = Operands.elements(x, y);
        long in = address(x);
        Elements.run(tiles, count, in, in, address(y), (a, b, c, bytes) -> VectorExpLog.exp(a, c, bytes));
    }

    @Override
    public void log(Tensor x, Tensor y) {
        int count = Operands.elements(x, y);
        long in = address(x);
        Elements.run(tiles, count, in, in, address(y), (a, b, c, bytes) -> VectorExpLog.log(a, c, bytes));
    }
}
