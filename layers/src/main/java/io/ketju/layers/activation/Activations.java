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

    private static final Entry<Pointwise> RELU = line("ReLU", "Negative numbers become 0", "max(x, 0)", 1, Activation.RELU);
    private static final Entry<Pointwise> TANH =
            line("Tanh", "The hyperbolic tangent", "(eˣ - e⁻ˣ) / (eˣ + e⁻ˣ)", EXP, Activation.TANH);
    private static final Entry<Pointwise> SIGMOID =
            line("Sigmoid", "Any number to one between 0 and 1", "σ(x) = 1 / (1 + e⁻ˣ)", EXP, Activation.SIGMOID);
    private static final Entry<Pointwise> SILU =
            line("SiLU", "Also called swish", "x · σ(x)", EXP + 1, Activation.SILU);
    private static final Entry<Pointwise> GELU = line(
            Description.of("GELU", "x times the share of normal numbers below it; Hendrycks and Gimpel 2016")
                    .named("approximate", "none", "none: by the error function; tanh: as GPT-2 has it")
                    .formula("x · Φ(x); with tanh: x/2 · (1 + tanh(√(2/π) · (x + 0.044715 · x³)))"),
            30,
            arguments -> arguments.word("approximate", "none", "tanh").equals("tanh")
                    ? Activation.GELU_TANH
                    : Activation.GELU);

    /** All of them, in the order of pages. */
    public static final List<Entry<? extends Layer>> ENTRIES = List.of(RELU, TANH, SIGMOID, SILU, GELU);

    private Activations() {}

    public static Pointwise relu() {
        return plain(RELU);
    }

    public static Pointwise tanh() {
        return plain(TANH);
    }

    public static Pointwise sigmoid() {
        return plain(SIGMOID);
    }

    public static Pointwise silu() {
        return plain(SILU);
    }

    /** By the error function. */
    public static Pointwise gelu() {
        return plain(GELU);
    }

    /** By tanh, as GPT-2 has it. */
    public static Pointwise geluTanh() {
        return GELU.read(Spec.of("GELU").with("approximate", "tanh"));
    }

    private static Pointwise plain(Entry<Pointwise> entry) {
        return entry.read(Spec.of(entry.description().name()));
    }

    private static Entry<Pointwise> line(String name, String summary, String formula, int flops, Activation function) {
        return line(Description.of(name, summary).formula(formula), flops, arguments -> function);
    }

    private static Entry<Pointwise> line(
            Description description, int flops, Function<Arguments, Activation> function) {
        return description
                .shapes("any, to the same")
                .source("torch.nn." + description.name())
                .readBy(arguments -> new Pointwise(arguments.terse(), function.apply(arguments), flops));
    }
}
