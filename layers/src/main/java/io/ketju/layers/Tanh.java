package io.ketju.layers;

import io.ketju.tensor.kernel.activation.Activation;

/**
 * {@code tanh(x)} of every element, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.Tanh.html">torch.nn.Tanh</a>.
 */
public record Tanh() implements Pointwise {
    static Tanh of(Spec spec) {
        return Arguments.none(spec, new Tanh());
    }

    @Override
    public Spec spec() {
        return Spec.of("Tanh");
    }

    /** About what the kernel takes. */
    @Override
    public int flops() {
        return 20;
    }

    @Override
    public Activation function() {
        return Activation.TANH;
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
