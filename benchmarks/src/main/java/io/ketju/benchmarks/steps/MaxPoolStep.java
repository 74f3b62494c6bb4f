package io.ketju.benchmarks.steps;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.pooling.PoolWindow;
import io.ketju.tensor.kernel.pooling.PoolingKernels;

/** Maxima of windows of 2 x 2, side by side. */
final class MaxPoolStep implements Step {
    private static final PoolWindow WINDOW = PoolWindow.square(2, 2, 0);

    private final PoolingKernels pooling;
    private final Value x;
    private final Tensor argmax;
    private final Value y;

    MaxPoolStep(Kit kit, Value x) {
        this.x = x;
        pooling = kit.kernels().pooling();
        Shape in = x.tensor().shape();
        int[] out = {in.dimension(0), in.dimension(1), in.dimension(2) / 2, in.dimension(3) / 2};
        argmax = kit.memory().integers(out);
        y = kit.value(out);
    }

    @Override
    public void forward() {
        pooling.maxPool2dForward(WINDOW, x.tensor(), y.tensor(), argmax);
    }

    @Override
    public void backward() {
        pooling.maxPool2dBackward(y.gradient(), argmax, x.gradient());
    }

    @Override
    public Value y() {
        return y;
    }
}
