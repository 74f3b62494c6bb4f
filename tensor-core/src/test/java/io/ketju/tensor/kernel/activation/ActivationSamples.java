package io.ketju.tensor.kernel.activation;

import java.util.List;

/** Every activation function, the parameterized ones with PyTorch's defaults and with others. */
final class ActivationSamples {
    static final List<Activation> ALL = List.of(
            Activation.RELU,
            Activation.RELU6,
            Activation.leakyRelu(0.01f),
            Activation.leakyRelu(-0.3f),
            Activation.elu(1),
            Activation.elu(0.4f),
            Activation.elu(-0.5f),
            Activation.SELU,
            Activation.celu(1),
            Activation.celu(0.7f),
            Activation.celu(-2),
            Activation.GELU,
            Activation.GELU_TANH,
            Activation.SILU,
            Activation.MISH,
            Activation.SIGMOID,
            Activation.LOG_SIGMOID,
            Activation.TANH,
            Activation.hardtanh(-1, 1),
            Activation.hardtanh(-0.3f, 2),
            Activation.HARDSIGMOID,
            Activation.HARDSWISH,
            Activation.softplus(1, 20),
            Activation.softplus(2.5f, 3),
            Activation.SOFTSIGN,
            Activation.TANHSHRINK,
            Activation.softshrink(0.5f),
            Activation.hardshrink(0.5f),
            Activation.threshold(0.25f, -3));

    private ActivationSamples() {}
}
