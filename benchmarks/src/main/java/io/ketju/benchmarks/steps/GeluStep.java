package io.ketju.benchmarks.steps;

import io.ketju.tensor.kernel.activation.Activation;
import io.ketju.tensor.kernel.activation.ActivationKernels;

/** GELU, by the error function. */
final class GeluStep implements Step {
    private final ActivationKernels activation;
    private final Value x;
    private final Value y;

    GeluStep(Kit kit, Value x) {
        this.x = x;
        activation = kit.kernels().activation();
        // Backward works in place.
        y = new Value(kit.floats(x.tensor().shape().toArray()), x.gradient());
    }

    @Override
    public void forward() {
        activation.forward(Activation.GELU, x.tensor(), y.tensor());
    }

    @Override
    public void backward() {
        activation.backward(Activation.GELU, x.tensor(), y.gradient(), x.gradient());
    }

    @Override
    public Value y() {
        return y;
    }
}
