package io.ketju.tensor.kernel.activation;

/**
 * An activation function and its parameters, named as in PyTorch. Formulas, in float arithmetic, are those of
 * {@link ActivationFormulas}; NaN stays NaN where nothing else is said there.
 *
 * @param a first parameter of the kind, 0 if it has none
 * @param b second parameter
 * @param c third parameter
 */
public record Activation(Kind kind, float a, float b, float c) {
    /** Which function, and whether its derivative is computed from the output instead of the input. */
    public enum Kind {
        RELU(true),
        LEAKY_RELU(false),
        ELU(false),
        GELU(false),
        GELU_TANH(false),
        SILU(false),
        MISH(false),
        SIGMOID(true),
        LOG_SIGMOID(false),
        TANH(true),
        HARDTANH(true),
        HARDSIGMOID(false),
        HARDSWISH(false),
        SOFTPLUS(false),
        SOFTSIGN(false),
        TANHSHRINK(false),
        SOFTSHRINK(false),
        HARDSHRINK(false),
        THRESHOLD(false);

        private final boolean fromOutput;

        Kind(boolean fromOutput) {
            this.fromOutput = fromOutput;
        }
    }

    public static final Activation RELU = of(Kind.RELU);
    public static final Activation RELU6 = hardtanh(0, 6);
    /** 1.0507... is the scale, and 1.6732... alpha, of Klambauer et al., "Self-normalizing neural networks", 2017. */
    public static final Activation SELU =
            new Activation(Kind.ELU, (float) 1.0507009873554805, (float) (1.0507009873554805 * 1.6732632423543772), 1);

    public static final Activation GELU = of(Kind.GELU);
    public static final Activation GELU_TANH = of(Kind.GELU_TANH);
    public static final Activation SILU = of(Kind.SILU);
    public static final Activation MISH = of(Kind.MISH);
    public static final Activation SIGMOID = of(Kind.SIGMOID);
    public static final Activation LOG_SIGMOID = of(Kind.LOG_SIGMOID);
    public static final Activation TANH = of(Kind.TANH);
    public static final Activation HARDSIGMOID = of(Kind.HARDSIGMOID);
    public static final Activation HARDSWISH = of(Kind.HARDSWISH);
    public static final Activation SOFTSIGN = of(Kind.SOFTSIGN);
    public static final Activation TANHSHRINK = of(Kind.TANHSHRINK);

    /** {@code x > 0 ? x : slope x} */
    public static Activation leakyRelu(float slope) {
        return new Activation(Kind.LEAKY_RELU, slope, 0, 0);
    }

    /** {@code x > 0 ? x : alpha (e^x - 1)}; alpha may be negative. */
    public static Activation elu(float alpha) {
        require(Float.isFinite(alpha), "alpha of ELU must be finite", alpha);
        return new Activation(Kind.ELU, 1, alpha, 1);
    }

    /** {@code x > 0 ? x : alpha (e^(x/alpha) - 1)}; alpha may be negative, but neither it nor 1/alpha is 0. */
    public static Activation celu(float alpha) {
        require(Float.isFinite(1 / alpha) && 1 / alpha != 0, "alpha of CELU must be finite and not 0", alpha);
        return new Activation(Kind.ELU, 1, alpha, 1 / alpha);
    }

    /** x, but not below the first and not above the second value. */
    public static Activation hardtanh(float least, float greatest) {
        require(least < greatest, "the least value of Hardtanh must be below the greatest, " + greatest, least);
        return new Activation(Kind.HARDTANH, least, greatest, 0);
    }

    /** {@code log(1 + e^(beta x)) / beta}, and x itself where {@code beta x > threshold}. */
    public static Activation softplus(float beta, float threshold) {
        require(beta > 0, "beta of Softplus must be positive", beta);
        return new Activation(Kind.SOFTPLUS, beta, threshold, 1 / beta);
    }

    /** x moved by lambda towards 0, and 0 between -lambda and lambda. */
    public static Activation softshrink(float lambda) {
        require(lambda >= 0, "lambda of Softshrink must not be negative", lambda);
        return new Activation(Kind.SOFTSHRINK, lambda, 0, 0);
    }

    /** x, and 0 between -lambda and lambda. */
    public static Activation hardshrink(float lambda) {
        require(lambda >= 0, "lambda of Hardshrink must not be negative", lambda);
        return new Activation(Kind.HARDSHRINK, lambda, 0, 0);
    }

    /** {@code x > threshold ? x : value} */
    public static Activation threshold(float threshold, float value) {
        return new Activation(Kind.THRESHOLD, threshold, value, 0);
    }

    /** Whether backward takes the output y of forward, otherwise its input x. */
    public boolean fromOutput() {
        return kind.fromOutput;
    }

    private static Activation of(Kind kind) {
        return new Activation(kind, 0, 0, 0);
    }

    private static void require(boolean legal, String rule, float value) {
        if (!legal) {
            throw new IllegalArgumentException(rule + ", got " + value);
        }
    }
}
