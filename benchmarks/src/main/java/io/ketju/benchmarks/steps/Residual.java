package io.ketju.benchmarks.steps;

import io.ketju.tensor.kernel.elementwise.Binary;
import io.ketju.tensor.kernel.elementwise.ElementwiseKernels;

/** {@code y = x + f(x)}; f must leave the gradient of its result as it is. */
final class Residual implements Step {
    private final ElementwiseKernels elementwise;
    private final Value x;
    private final Chain inner;
    private final Value y;

    Residual(Kit kit, Value x, Chain inner) {
        this.x = x;
        this.inner = inner;
        elementwise = kit.kernels().elementwise();
        y = new Value(kit.floats(x.tensor().shape().toArray()), inner.y().gradient());
    }

    @Override
    public void forward() {
        inner.forward();
        elementwise.binary(
                Binary.ADD, x.tensor(), inner.y().tensor().view(x.tensor().shape()), y.tensor());
    }

    @Override
    public void backward() {
        inner.backward();
        elementwise.binary(Binary.ADD, x.gradient(), y.gradient(), x.gradient());
    }

    @Override
    public Value y() {
        return y;
    }

    @Override
    public double flops() {
        return inner.flops();
    }
}
