package io.ketju.benchmarks.steps;

import io.ketju.tensor.Shape;
import io.ketju.tensor.kernel.pooling.PoolingKernels;

/** The mean of each plane. */
final class GlobalAverageStep implements Step {
    private final PoolingKernels pooling;
    private final Value x;
    private final Value y;

    GlobalAverageStep(Kit kit, Value x) {
        this.x = x;
        pooling = kit.kernels().pooling();
        Shape in = x.tensor().shape();
        y = kit.value(in.dimension(0), in.dimension(1), 1, 1);
    }

    @Override
    public void forward() {
        pooling.adaptiveAveragePool2dForward(x.tensor(), y.tensor());
    }

    @Override
    public void backward() {
        pooling.adaptiveAveragePool2dBackward(y.gradient(), x.gradient());
    }

    @Override
    public Value y() {
        return y;
    }
}
