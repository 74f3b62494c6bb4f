package io.ketju.layers;

import io.ketju.tensor.kernel.activation.Activation;

/**
 * {@code x / (1 + exp(-x))} of every element, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.SiLU.html">torch.nn.SiLU</a>.
 */
public record SiLU() implements Pointwise {
    static SiLU of(Spec spec) {
        return Arguments.none(spec, new SiLU());
    }

    @Override
    public Spec spec() {
        return Spec.of("SiLU");
    }

    /** About what the kernel takes. */
    @Override
    public int flops() {
        return 21;
    }

    @Override
    public Activation function() {
        return Activation.SILU;
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
