package io.ketju.layers.initializer;

import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import java.util.List;

/** How texts name the {@link Initializers}, and what pages say of them. */
final class InitializerEntries {
    static final String FAN_IN = "fan_in";
    static final String FAN_OUT = "fan_out";
    static final String LEAKY_RELU = "leaky_relu";
    static final String BOX_MULLER = "box_muller";
    static final String POLAR = "polar";

    static final List<Entry<? extends Initializer>> ALL = List.of(
            Description.of("constant", "The same number everywhere")
                    .required("val", "the number")
                    .formula("val")
                    .source("torch.nn.init.constant_")
                    .readBy(arguments -> Initializers.constant(arguments.number("val"))),
            Description.of("zeros", "Zero everywhere")
                    .formula("0")
                    .source("torch.nn.init.zeros_")
                    .readBy(arguments -> Initializers.zeros()),
            Description.of("ones", "One everywhere")
                    .formula("1")
                    .source("torch.nn.init.ones_")
                    .readBy(arguments -> Initializers.ones()),
            Description.of("eye", "Ones on the diagonal of a matrix")
                    .formula("δᵢⱼ")
                    .shapes("two dimensions")
                    .source("torch.nn.init.eye_")
                    .readBy(arguments -> Initializers.eye()),
            Description.of("dirac", "Convolutions that keep their first channels")
                    .optional("groups", 1, "of the convolution")
                    .formula("δᵢⱼ in the middle of the kernel, in every group")
                    .shapes("three to five dimensions")
                    .source("torch.nn.init.dirac_")
                    .readBy(arguments -> Initializers.dirac(arguments.integer("groups"))),
            Description.of("uniform", "Uniform of an interval, or around zero")
                    .optional("a", 0, "lower end")
                    .optional("b", 1, "upper end, which is no value itself")
                    .namedDerived("bound", "None", "in place of both: largest size, of either sign")
                    .formula("U(a, b)")
                    .source("torch.nn.init.uniform_")
                    .readBy(InitializerEntries::uniform),
            Description.of("normal", "Normal, around zero if nothing else is said")
                    .optional("mean", 0, "mean")
                    .optional("std", 1, "standard deviation")
                    .named("method", BOX_MULLER, "box_muller, or polar (Marsaglia's)")
                    .formula("N(mean, std²)")
                    .source("torch.nn.init.normal_; Box and Muller 1958; Marsaglia and Bray 1964")
                    .readBy(InitializerEntries::normal),
            Description.of("trunc_normal", "Normal values of an interval")
                    .optional("mean", 0, "mean of the whole")
                    .optional("std", 1, "standard deviation of the whole")
                    .optional("a", -2, "lower end")
                    .optional("b", 2, "upper end")
                    .formula("N(mean, std²) given a ≤ x ≤ b")
                    .source("torch.nn.init.trunc_normal_; Robert 1995")
                    .readBy(arguments -> Initializers.truncatedNormal(
                            arguments.number("mean"),
                            arguments.number("std"),
                            arguments.number("a"),
                            arguments.number("b"))),
            Description.of("xavier_uniform", "Uniform, keeping the variance both ways")
                    .optional("gain", 1, "factor of the standard deviation, or a nonlinearity: tanh, leaky_relu(0.2)")
                    .formula("U(-b, b), b = gain · √(6 / (fan_in + fan_out))")
                    .source("torch.nn.init.xavier_uniform_; Glorot and Bengio 2010")
                    .readBy(arguments -> Initializers.xavierUniform(Gain.parse(arguments.word("gain")))),
            Description.of("xavier_normal", "Normal, keeping the variance both ways")
                    .optional("gain", 1, "factor of the standard deviation, or a nonlinearity: tanh, leaky_relu(0.2)")
                    .formula("N(0, s²), s = gain · √(2 / (fan_in + fan_out))")
                    .source("torch.nn.init.xavier_normal_; Glorot and Bengio 2010")
                    .readBy(arguments -> Initializers.xavierNormal(Gain.parse(arguments.word("gain")))),
            kaiming("kaiming_uniform", "Uniform, keeping the variance through rectifiers")
                    .formula("U(-b, b), b = gain · √(3 / fan)")
                    .source("torch.nn.init.kaiming_uniform_; He et al. 2015")
                    .readBy(InitializerEntries::kaimingUniform),
            kaiming("kaiming_normal", "Normal, keeping the variance through rectifiers")
                    .formula("N(0, s²), s = gain / √fan")
                    .source("torch.nn.init.kaiming_normal_; He et al. 2015")
                    .readBy(InitializerEntries::kaimingNormal),
            Description.of("orthogonal", "Rows, or columns where there are fewer, that are orthogonal to each other")
                    .optional("gain", 1, "their length, or a nonlinearity")
                    .formula("gain · Q of Q·R = N(0, 1), R's diagonal positive")
                    .shapes("two dimensions or more; those after the first are columns")
                    .source("torch.nn.init.orthogonal_; Saxe et al. 2014")
                    .readBy(arguments -> Initializers.orthogonal(Gain.parse(arguments.word("gain")))),
            Description.of("sparse", "Normal, with zeros in every column")
                    .required("sparsity", "share of zeros in a column")
                    .optional("std", 0.01, "standard deviation of the others")
                    .formula("N(0, std²), ⌈sparsity · rows⌉ of each column 0")
                    .shapes("two dimensions")
                    .source("torch.nn.init.sparse_; Martens 2010")
                    .readBy(arguments -> Initializers.sparse(arguments.number("sparsity"), arguments.number("std"))));

    private InitializerEntries() {}

    private static Description kaiming(String name, String summary) {
        return Description.of(name, summary)
                .optional("a", 0, "slope of the leaky ReLU that follows")
                .optional("mode", FAN_IN, "fan_in keeps the variance forward, fan_out backward")
                .optional(
                        "nonlinearity",
                        LEAKY_RELU,
                        "what follows, for the gain: linear, sigmoid, tanh, relu, leaky_relu, selu");
    }

    private static Initializer kaimingUniform(Arguments arguments) {
        String mode = arguments.word("mode", FAN_IN, FAN_OUT);
        return Initializers.kaimingUniform(arguments.number("a"), mode, arguments.word("nonlinearity"));
    }

    private static Initializer kaimingNormal(Arguments arguments) {
        String mode = arguments.word("mode", FAN_IN, FAN_OUT);
        return Initializers.kaimingNormal(arguments.number("a"), mode, arguments.word("nonlinearity"));
    }

    private static Initializer normal(Arguments arguments) {
        refuseOneNumber(arguments, "std=" + arguments.word("mean") + " or mean=" + arguments.word("mean"));
        boolean polar = arguments.word("method", BOX_MULLER, POLAR).equals(POLAR);
        return Initializers.normal(arguments.number("std"), arguments.number("mean"), polar);
    }

    private static Initializer uniform(Arguments arguments) {
        refuseOneNumber(arguments, "bound=" + arguments.word("a") + " or both ends");
        double low = arguments.number("a");
        double high = arguments.number("b");
        if (arguments.text("bound").isEmpty()) {
            return Initializers.uniform(low, high);
        }
        if (arguments.spec().named().size() + arguments.spec().positional().size() > 1) {
            throw new IllegalArgumentException(
                    "uniform: argument 'bound': expected neither a nor b with it, found " + arguments.spec());
        }
        return Initializers.uniform(arguments.number("bound"));
    }

    /** One number alone is a mean or a lower end in PyTorch, and is meant as a width by most who write it. */
    private static void refuseOneNumber(Arguments arguments, String ways) {
        Spec spec = arguments.spec();
        if (spec.positional().size() == 1 && spec.named().isEmpty()) {
            throw new IllegalArgumentException(spec + ": expected " + ways + ", found one number without a name");
        }
    }
}
