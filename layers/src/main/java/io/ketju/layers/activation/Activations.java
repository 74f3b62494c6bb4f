package io.ketju.layers.activation;

import io.ketju.layers.Layer;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.kernel.activation.Activation;
import java.util.List;
import java.util.function.Function;

/** The activation functions of torch.nn that differ in their formula alone: one line of a table each. */
public final class Activations {
    /** About what an exponential function takes, in floating-point operations. */
    private static final int EXP = 20;

    private static final Entry<Pointwise> RELU =
            line("ReLU", "Negative numbers become 0", "max(x, 0)", 1, Activation.RELU);
    private static final Entry<Pointwise> TANH =
            line("Tanh", "The hyperbolic tangent", "(eˣ - e⁻ˣ) / (eˣ + e⁻ˣ)", EXP, Activation.TANH);
    private static final Entry<Pointwise> SIGMOID =
            line("Sigmoid", "Any number to one between 0 and 1", "σ(x) = 1 / (1 + e⁻ˣ)", EXP, Activation.SIGMOID);
    private static final Entry<Pointwise> SILU =
            line("SiLU", "Also called swish", "x · σ(x)", EXP + 1, Activation.SILU);
    private static final Entry<Pointwise> GELU = line(
            Description.of("GELU", "x times the share of normal numbers below it; Hendrycks and Gimpel 2016")
                    .optional("approximate", "none", "none: by the error function; tanh: as GPT-2 has it")
                    .formula("x · Φ(x); with tanh: x/2 · (1 + tanh(√(2/π) · (x + 0.044715 · x³)))"),
            30,
            arguments -> arguments.word("approximate", "none", "tanh").equals("tanh")
                    ? Activation.GELU_TANH
                    : Activation.GELU);

    private static final Entry<Pointwise> LEAKY_RELU = line(
            Description.of("LeakyReLU", "Negative numbers become small; Maas et al. 2013")
                    .optional("negative_slope", 0.01, "factor of negative numbers")
                    .formula("x where x > 0, else negative_slope · x"),
            2,
            arguments -> Activation.leakyRelu(number(arguments, "negative_slope")));

    /** All of them, in the order of pages. */
    public static final List<Entry<? extends Layer>> ENTRIES = List.of(
            RELU,
            line("ReLU6", "Numbers below 0 become 0, those above 6 become 6", "min(max(x, 0), 6)", 2, Activation.RELU6),
            LEAKY_RELU,
            line(
                    Description.of("ELU", "Negative numbers approach -alpha; Clevert et al. 2016")
                            .optional("alpha", 1, "where large negative numbers end")
                            .formula("x where x > 0, else alpha · (eˣ - 1)"),
                    EXP,
                    arguments -> Activation.elu(number(arguments, "alpha"))),
            line(
                    Description.of("CELU", "ELU with a slope that has no break; Barron 2017")
                            .optional("alpha", 1, "where large negative numbers end; not 0")
                            .formula("x where x > 0, else alpha · (e^(x / alpha) - 1)"),
                    EXP,
                    Activations::celu),
            line(
                    "SELU",
                    "ELU that keeps mean 0 and variance 1; Klambauer et al. 2017",
                    "1.0507 · (x where x > 0, else 1.67326 · (eˣ - 1))",
                    EXP,
                    Activation.SELU),
            GELU,
            SILU,
            line(
                    "Mish",
                    "Smooth, below 0 for some negative numbers; Misra 2020",
                    "x · tanh(log(1 + eˣ))",
                    30,
                    Activation.MISH),
            line(
                    Description.of("Softplus", "ReLU with a smooth bend")
                            .optional("beta", 1, "sharpness of the bend, above 0")
                            .optional("threshold", 20, "from beta · x above it on, x itself")
                            .formula("log(1 + e^(beta · x)) / beta"),
                    2 * EXP,
                    Activations::softplus),
            line("Softsign", "Any number to one between -1 and 1", "x / (1 + |x|)", 3, Activation.SOFTSIGN),
            line(
                    Description.of("Softshrink", "Moves numbers towards 0")
                            .optional("lambd", 0.5, "by how much, at least 0")
                            .formula("0 where |x| <= lambd, else x - lambd · sign(x)"),
                    3,
                    arguments -> Activation.softshrink(notNegative(arguments, "lambd"))),
            line(
                    Description.of("Hardshrink", "Small numbers become 0")
                            .optional("lambd", 0.5, "up to which size, at least 0")
                            .formula("0 where |x| <= lambd, else x"),
                    2,
                    arguments -> Activation.hardshrink(notNegative(arguments, "lambd"))),
            line("Tanhshrink", "What tanh takes off", "x - tanh(x)", EXP, Activation.TANHSHRINK),
            line(
                    Description.of("Threshold", "Numbers up to the threshold become another")
                            .required("threshold", "largest number that is replaced")
                            .required("value", "what stands for it")
                            .formula("x where x > threshold, else value"),
                    1,
                    arguments -> Activation.threshold(number(arguments, "threshold"), number(arguments, "value"))),
            TANH,
            SIGMOID,
            line("LogSigmoid", "The logarithm of the sigmoid", "log(1 / (1 + e⁻ˣ))", 2 * EXP, Activation.LOG_SIGMOID),
            line(
                    Description.of("Hardtanh", "Numbers outside of a range become its ends")
                            .optional("min_val", -1, "least value")
                            .optional("max_val", 1, "greatest value, above min_val")
                            .formula("min(max(x, min_val), max_val)"),
                    2,
                    Activations::hardtanh),
            line("Hardsigmoid", "A sigmoid of straight lines", "min(max(x + 3, 0), 6) / 6", 4, Activation.HARDSIGMOID),
            line(
                    "Hardswish",
                    "SiLU of straight lines; Howard et al. 2019",
                    "x · min(max(x + 3, 0), 6) / 6",
                    5,
                    Activation.HARDSWISH));

    private Activations() {}

    /** {@return the layer {@code y = max(x, 0)}} */
    public static Pointwise relu() {
        return plain(RELU);
    }

    /**
     * ReLU that keeps a part of negative numbers.
     *
     * @param slope factor of those, rounded to float32
     * @return the layer {@code y = x} where x > 0, else {@code slope · x}
     */
    public static Pointwise leakyRelu(double slope) {
        return LEAKY_RELU.read(Spec.of("LeakyReLU").withNumber("negative_slope", slope));
    }

    /** {@return the layer {@code y = tanh(x)}} */
    public static Pointwise tanh() {
        return plain(TANH);
    }

    /** {@return the layer {@code y = 1 / (1 + e⁻ˣ)}} */
    public static Pointwise sigmoid() {
        return plain(SIGMOID);
    }

    /** {@return the layer {@code y = x / (1 + e⁻ˣ)}, also called swish} */
    public static Pointwise silu() {
        return plain(SILU);
    }

    /** {@return the layer {@code y = x · Φ(x)}, Φ by the error function} */
    public static Pointwise gelu() {
        return plain(GELU);
    }

    /** {@return the layer {@code y = x · Φ(x)}, Φ approximated by tanh, as GPT-2 has it} */
    public static Pointwise geluTanh() {
        return GELU.read(Spec.of("GELU").with("approximate", "tanh"));
    }

    private static float number(Arguments arguments, String name) {
        return (float) arguments.number(name);
    }

    private static float notNegative(Arguments arguments, String name) {
        return require(arguments, name, "a number >= 0", number(arguments, name) >= 0);
    }

    private static Activation celu(Arguments arguments) {
        float alpha = number(arguments, "alpha");
        boolean legal = Float.isFinite(1 / alpha) && 1 / alpha != 0;
        return Activation.celu(require(arguments, "alpha", "a number other than 0", legal));
    }

    private static Activation softplus(Arguments arguments) {
        float beta = require(arguments, "beta", "a number > 0", number(arguments, "beta") > 0);
        return Activation.softplus(beta, number(arguments, "threshold"));
    }

    private static Activation hardtanh(Arguments arguments) {
        float least = number(arguments, "min_val");
        boolean legal = least < number(arguments, "max_val");
        return Activation.hardtanh(least, require(arguments, "max_val", "a number above min_val, " + least, legal));
    }

    /** The number of an argument if it is legal. */
    private static float require(Arguments arguments, String name, String expected, boolean legal) {
        if (!legal) {
            throw new IllegalArgumentException(arguments.spec().name() + ": argument '" + name + "': expected "
                    + expected + ", found " + Spec.number(arguments.number(name)));
        }
        return number(arguments, name);
    }

    private static Pointwise plain(Entry<Pointwise> entry) {
        return entry.read(Spec.of(entry.description().name()));
    }

    private static Entry<Pointwise> line(String name, String summary, String formula, int flops, Activation function) {
        return line(Description.of(name, summary).formula(formula), flops, arguments -> function);
    }

    private static Entry<Pointwise> line(Description description, int flops, Function<Arguments, Activation> function) {
        return description
                .shapes("any, to the same")
                .source("torch.nn." + description.name())
                .readBy(arguments -> new Pointwise(arguments.terse(), function.apply(arguments), flops));
    }
}
