package io.ketju.layers;

import io.ketju.tensor.kernel.activation.Activation;

/**
 * {@code 1 / (1 + exp(-x))} of every element, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.Sigmoid.html">torch.nn.Sigmoid</a>.
 */
public record Sigmoid() implements Pointwise {
    static Sigmoid of(Spec spec) {
        return Arguments.none(spec, new Sigmoid());
    }

    @Override
    public Spec spec() {
        return Spec.of("Sigmoid");
    }

    /** About what the kernel takes. */
    @Override
    public int flops() {
        return 20;
    }

    @Override
    public Activation function() {
        return Activation.SIGMOID;
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
