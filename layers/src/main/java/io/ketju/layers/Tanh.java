package io.ketju.layers;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;

/**
 * {@code tanh(x)} of every element, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.Tanh.html">torch.nn.Tanh</a>.
 */
public record Tanh() implements Activation {
    static Tanh of(Spec spec) {
        return Arguments.none(spec, new Tanh());
    }

    @Override
    public Spec spec() {
        return Spec.of("Tanh");
    }

    /** About what the kernel's polynomial takes; only the balance of the stages depends on it. */
    @Override
    public int flops() {
        return 20;
    }

    @Override
    public void apply(Kernels kernels, Tensor x, Tensor y) {
        kernels.activation().tanhForward(x, y);
    }

    @Override
    public void applyGradient(Kernels kernels, Tensor y, Tensor dy, Tensor dx) {
        kernels.activation().tanhBackward(y, dy, dx);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
