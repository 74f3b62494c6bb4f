package io.ketju.layers;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;

/**
 * {@code max(x, 0)} of every element, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.ReLU.html">torch.nn.ReLU</a>.
 */
public record ReLU() implements Activation {
    static ReLU of(Spec spec) {
        return Arguments.none(spec, new ReLU());
    }

    @Override
    public Spec spec() {
        return Spec.of("ReLU");
    }

    @Override
    public int flops() {
        return 1;
    }

    @Override
    public void apply(Kernels kernels, Tensor x, Tensor y) {
        kernels.activation().reluForward(x, y);
    }

    @Override
    public void applyGradient(Kernels kernels, Tensor y, Tensor dy, Tensor dx) {
        kernels.activation().reluBackward(y, dy, dx);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
