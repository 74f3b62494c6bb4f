package io.ketju.layers;

import io.ketju.tensor.kernel.activation.Activation;

/**
 * {@code max(x, 0)} of every element, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.ReLU.html">torch.nn.ReLU</a>.
 */
public record ReLU() implements Pointwise {
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
    public Activation function() {
        return Activation.RELU;
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
