package io.ketju.tensor.kernel.activation;

/**
 * An activation function and its parameters, named as in PyTorch. Formulas, in float arithmetic, are those of
 * {@link ActivationFormulas}; NaN stays NaN where nothing else is said there.
 *
 * @param kind which function; its constants say what the parameters are
 * @param a first parameter of the kind, 0 if it has none
 * @param b second parameter
 * @param c third parameter
 */
public record Activation(Kind kind, float a, float b, float c) {
    /** Which function, and whether its derivative is computed from the output instead of the input. */
    public enum Kind {
        /** {@code max(x, 0)} */
        RELU(true),
        /** {@code x > 0 ? x : a x} */
        LEAKY_RELU(false),
        /** {@code x > 0 ? a x : b (e^(c x) - 1)}; SELU and CELU too. */
        ELU(false),
        /** x times the normal distribution function at x. */
        GELU(false),
        /** {@link #GELU} with the approximation by tanh: {@code x σ(2 sqrt(2/π) (x + 0.044715 x³))}, σ being {@link #SIGMOID}. */
        GELU_TANH(false),
        /** {@code x / (1 + e^-x)} */
        SILU(false),
        /** {@code x tanh(log(1 + e^x))} */
        MISH(false),
        /** {@code 1 / (1 + e^-x)} */
        SIGMOID(true),
        /** {@code -log(1 + e^-x)} */
        LOG_SIGMOID(false),
        /** Hyperbolic tangent. */
        TANH(true),
        /** x, but not below a and not above b; ReLU6 too. */
        HARDTANH(true),
        /** x + 3, but not below 0 and not above 6, divided by 6. */
        HARDSIGMOID(false),
        /** x times {@link #HARDSIGMOID} of x. */
        HARDSWISH(false),
        /** {@code a x > b ? x : c log(1 + e^(a x))}, c being 1/a. */
        SOFTPLUS(false),
        /** {@code x / (1 + |x|)} */
        SOFTSIGN(false),
        /** {@code x - tanh(x)} */
        TANHSHRINK(false),
        /** x moved by a towards 0, and 0 between -a and a. */
        SOFTSHRINK(false),
        /** x, and 0 between -a and a. */
        HARDSHRINK(false),
        /** {@code x <= a ? b : x} */
        THRESHOLD(false);

        private final boolean fromOutput;

        Kind(boolean fromOutput) {
            this.fromOutput = fromOutput;
        }
    }

    /** {@code max(x, 0)} */
    public static final Activation RELU = of(Kind.RELU);
    /** x, but not below 0 and not above 6. */
    public static final Activation RELU6 = hardtanh(0, 6);
    /** ELU with a scale of 1.0507... and an alpha of 1.6732...: Klambauer et al., "Self-normalizing neural networks", 2017. */
    public static final Activation SELU =
            new Activation(Kind.ELU, (float) 1.0507009873554805, (float) (1.0507009873554805 * 1.6732632423543772), 1);

    /** x times the normal distribution function at x: Hendrycks and Gimpel, "Gaussian error linear units", 2016. */
    public static final Activation GELU = of(Kind.GELU);
    /** {@link #GELU} with the approximation by tanh: PyTorch's {@code approximate="tanh"}. */
    public static final Activation GELU_TANH = of(Kind.GELU_TANH);
    /** {@code x / (1 + e^-x)}, also known as Swish. */
    public static final Activation SILU = of(Kind.SILU);
    /** {@code x tanh(log(1 + e^x))} */
    public static final Activation MISH = of(Kind.MISH);
    /** {@code 1 / (1 + e^-x)} */
    public static final Activation SIGMOID = of(Kind.SIGMOID);
    /** {@code -log(1 + e^-x)} */
    public static final Activation LOG_SIGMOID = of(Kind.LOG_SIGMOID);
    /** Hyperbolic tangent. */
    public static final Activation TANH = of(Kind.TANH);
    /** x + 3, but not below 0 and not above 6, divided by 6. */
    public static final Activation HARDSIGMOID = of(Kind.HARDSIGMOID);
    /** x times {@link #HARDSIGMOID} of x. */
    public static final Activation HARDSWISH = of(Kind.HARDSWISH);
    /** {@code x / (1 + |x|)} */
    public static final Activation SOFTSIGN = of(Kind.SOFTSIGN);
    /** {@code x - tanh(x)} */
    public static final Activation TANHSHRINK = of(Kind.TANHSHRINK);

    /**
     * {@return the function {@code x > 0 ? x : slope x}}
     *
     * @param slope any number; PyTorch's default is 0.01
     */
    public static Activation leakyRelu(float slope) {
        return new Activation(Kind.LEAKY_RELU, slope, 0, 0);
    }

    /**
     * {@return the function {@code x > 0 ? x : alpha (e^x - 1)}}
     *
     * @param alpha finite; may be negative
     * @throws IllegalArgumentException if it is NaN or infinite
     */
    public static Activation elu(float alpha) {
        require(Float.isFinite(alpha), "alpha of ELU must be finite", alpha);
        return new Activation(Kind.ELU, 1, alpha, 1);
    }

    /**
     * {@return the function {@code x > 0 ? x : alpha (e^(x/alpha) - 1)}}
     *
     * @param alpha may be negative, but neither it nor 1/alpha is 0 or infinite
     * @throws IllegalArgumentException if one of them is, or alpha is NaN
     */
    public static Activation celu(float alpha) {
        require(Float.isFinite(1 / alpha) && 1 / alpha != 0, "alpha of CELU must be finite and not 0", alpha);
        return new Activation(Kind.ELU, 1, alpha, 1 / alpha);
    }

    /**
     * {@return the function x, but not below the first and not above the second value}
     *
     * @param least the first, below the second
     * @param greatest the second
     * @throws IllegalArgumentException if least is not below greatest
     */
    public static Activation hardtanh(float least, float greatest) {
        require(least < greatest, "the least value of Hardtanh must be below the greatest, " + greatest, least);
        return new Activation(Kind.HARDTANH, least, greatest, 0);
    }

    /**
     * {@return the function {@code log(1 + e^(beta x)) / beta}, and x itself where {@code beta x > threshold}}
     *
     * @param beta greater than 0
     * @param threshold of beta x; PyTorch's default is 20
     * @throws IllegalArgumentException if beta is not greater than 0
     */
    public static Activation softplus(float beta, float threshold) {
        require(beta > 0, "beta of Softplus must be positive", beta);
        return new Activation(Kind.SOFTPLUS, beta, threshold, 1 / beta);
    }

    /**
     * {@return the function x moved by lambda towards 0, and 0 between -lambda and lambda}
     *
     * @param lambda at least 0
     * @throws IllegalArgumentException if it is less, or NaN
     */
    public static Activation softshrink(float lambda) {
        require(lambda >= 0, "lambda of Softshrink must not be negative", lambda);
        return new Activation(Kind.SOFTSHRINK, lambda, 0, 0);
    }

    /**
     * {@return the function x, and 0 between -lambda and lambda}
     *
     * @param lambda at least 0
     * @throws IllegalArgumentException if it is less, or NaN
     */
    public static Activation hardshrink(float lambda) {
        require(lambda >= 0, "lambda of Hardshrink must not be negative", lambda);
        return new Activation(Kind.HARDSHRINK, lambda, 0, 0);
    }

    /**
     * {@return the function {@code x <= threshold ? value : x}}
     *
     * @param threshold any number
     * @param value what takes the place of elements up to the threshold
     */
    public static Activation threshold(float threshold, float value) {
        return new Activation(Kind.THRESHOLD, threshold, value, 0);
    }

    /** {@return whether backward takes the output y of forward; otherwise its input x} */
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
