package io.ketju.layers.initializer;

import io.ketju.layers.convolution.Conv2d;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Registry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.random.CounterRandom;
import java.util.List;
import java.util.SortedSet;
import java.util.function.ToDoubleFunction;

/**
 * The initial values of <a href="https://pytorch.org/docs/stable/nn.init.html">torch.nn.init</a>, with its names,
 * defaults and fans (Glorot and Bengio 2010; He et al. 2015). Same distributions, other random numbers: every element
 * is a function of (seed, parameter name, index).
 */
public final class Initializers {
    public static final Registry<Initializer> REGISTRY = new Registry<>(
            "initializer",
            List.of(
                    Description.of("constant", "The same number everywhere")
                            .required("val", "the number")
                            .formula("val")
                            .source("torch.nn.init.constant_")
                            .readBy(arguments -> constant(arguments.number("val"))),
                    Description.of("zeros", "Zero everywhere")
                            .formula("0")
                            .source("torch.nn.init.zeros_")
                            .readBy(arguments -> zeros()),
                    Description.of("uniform", "Uniform around zero")
                            .optional("bound", 1, "largest size")
                            .formula("U(-bound, bound)")
                            .source("torch.nn.init.uniform_")
                            .readBy(arguments -> uniform(arguments.number("bound"))),
                    Description.of("normal", "Normal around zero")
                            .optional("std", 1, "standard deviation")
                            .formula("N(0, std²)")
                            .source("torch.nn.init.normal_")
                            .readBy(arguments -> normal(arguments.number("std"))),
                    Description.of("xavier_uniform", "Uniform, keeping the variance both ways")
                            .optional("gain", 1, "factor of the standard deviation")
                            .formula("U(-b, b), b = gain · √(6 / (fan_in + fan_out))")
                            .source("torch.nn.init.xavier_uniform_; Glorot and Bengio 2010")
                            .readBy(arguments -> xavierUniform(arguments.number("gain"))),
                    Description.of("xavier_normal", "Normal, keeping the variance both ways")
                            .optional("gain", 1, "factor of the standard deviation")
                            .formula("N(0, s²), s = gain · √(2 / (fan_in + fan_out))")
                            .source("torch.nn.init.xavier_normal_; Glorot and Bengio 2010")
                            .readBy(arguments -> xavierNormal(arguments.number("gain"))),
                    Description.of("kaiming_uniform", "Uniform, keeping the variance through rectifiers")
                            .optional("a", 0, "slope of the leaky ReLU that follows")
                            .formula("U(-b, b), b = √(6 / ((1 + a²) · fan_in))")
                            .source("torch.nn.init.kaiming_uniform_; He et al. 2015")
                            .readBy(arguments -> kaimingUniform(arguments.number("a"))),
                    Description.of("kaiming_normal", "Normal, keeping the variance through rectifiers")
                            .optional("a", 0, "slope of the leaky ReLU that follows")
                            .formula("N(0, s²), s = √(2 / ((1 + a²) · fan_in))")
                            .source("torch.nn.init.kaiming_normal_; He et al. 2015")
                            .readBy(arguments -> kaimingNormal(arguments.number("a")))));

    private static final Initializer LAYER_DEFAULT = kaimingUniform(Math.sqrt(5));

    /** An initializer that prints itself; equal to another of the same text. */
    private record Named(Spec spec, Fill fill) implements Initializer {
        @Override
        public void fill(Tensor parameter, CounterRandom random) {
            fill.apply(parameter, Fans.of(parameter.shape()), random);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Named named && spec.equals(named.spec);
        }

        @Override
        public int hashCode() {
            return spec.hashCode();
        }

        @Override
        public String toString() {
            return spec.toString();
        }
    }

    @FunctionalInterface
    private interface Fill {
        void apply(Tensor parameter, Fans fans, CounterRandom random);
    }

    /** Numbers of inputs and outputs of one unit, as torch.nn.init counts them. */
    private record Fans(double in, double out) {
        static Fans of(Shape shape) {
            if (shape.rank() < 2) {
                return new Fans(1, 1);
            }
            double receptiveField = (double) shape.elements() / shape.dimension(0) / shape.dimension(1);
            return new Fans(shape.dimension(1) * receptiveField, shape.dimension(0) * receptiveField);
        }
    }

    private Initializers() {}

    /** Uniform within ±√(6 / ((1 + a²) fanIn)); a is the slope of the leaky ReLU that follows. */
    public static Initializer kaimingUniform(double a) {
        Spec spec = Spec.of("kaiming_uniform").withNumber("a", a);
        return uniform(spec, fans -> Math.sqrt(6 / ((1 + a * a) * fans.in())));
    }

    /** Normal with variance 2 / ((1 + a²) fanIn). */
    public static Initializer kaimingNormal(double a) {
        Spec spec = Spec.of("kaiming_normal").withNumber("a", a);
        return normal(spec, fans -> Math.sqrt(2 / ((1 + a * a) * fans.in())));
    }

    /** Uniform within ±gain·√(6 / (fanIn + fanOut)). */
    public static Initializer xavierUniform(double gain) {
        Spec spec = Spec.of("xavier_uniform").withNumber("gain", nonNegative("gain", gain));
        return uniform(spec, fans -> gain * Math.sqrt(6 / (fans.in() + fans.out())));
    }

    /** Normal with standard deviation gain·√(2 / (fanIn + fanOut)). */
    public static Initializer xavierNormal(double gain) {
        Spec spec = Spec.of("xavier_normal").withNumber("gain", nonNegative("gain", gain));
        return normal(spec, fans -> gain * Math.sqrt(2 / (fans.in() + fans.out())));
    }

    /** Uniform within ±bound. */
    public static Initializer uniform(double bound) {
        return uniform(Spec.of("uniform").withNumber("bound", nonNegative("bound", bound)), fans -> bound);
    }

    /** Normal around zero with this standard deviation. */
    public static Initializer normal(double std) {
        return normal(Spec.of("normal").withNumber("std", nonNegative("std", std)), fans -> std);
    }

    /** Every element the same. */
    public static Initializer constant(double value) {
        return constant(Spec.of("constant").withNumber("val", value), (float) value);
    }

    public static Initializer zeros() {
        return constant(Spec.of("zeros"), 0);
    }

    /** What PyTorch's Linear and Conv2d give their weights: uniform within ±1/√fanIn. */
    public static Initializer layerDefault() {
        return LAYER_DEFAULT;
    }

    /** What PyTorch's Linear and Conv2d give their biases: uniform within ±1/√(fanIn of the weight). */
    public static Initializer biasDefault(int fanIn) {
        return uniform(1 / Math.sqrt(fanIn));
    }

    /** Reads {@code xavier_uniform} or {@code constant(0.5)}; throws {@link IllegalArgumentException} saying what is wrong. */
    public static Initializer parse(String text) {
        return REGISTRY.parse(text);
    }

    /** The initializer that an argument names. */
    public static Initializer of(Arguments arguments, String argument) {
        return parse(arguments.word(argument));
    }

    /** Names of all initializers, sorted. */
    public static SortedSet<String> names() {
        return REGISTRY.names();
    }

    /** A layer's spec with its weight's initializer, unless that is the default. */
    public static Spec addTo(Spec layer, Initializer initializer) {
        return initializer.equals(LAYER_DEFAULT) ? layer : layer.with("init", initializer.spec());
    }

    private static double nonNegative(String argument, double value) {
        if (!(value >= 0)) {
            throw new IllegalArgumentException(
                    "initializer: argument '" + argument + "': expected a number >= 0, found " + value);
        }
        return value;
    }

    private static Initializer uniform(Spec spec, ToDoubleFunction<Fans> bound) {
        return new Named(spec, (parameter, fans, random) -> {
            float limit = (float) bound.applyAsDouble(fans);
            random.fillUniform(parameter, -limit, limit);
        });
    }

    private static Initializer normal(Spec spec, ToDoubleFunction<Fans> std) {
        return new Named(
                spec, (parameter, fans, random) -> random.fillNormal(parameter, 0, (float) std.applyAsDouble(fans)));
    }

    private static Initializer constant(Spec spec, float value) {
        return new Named(spec, (parameter, fans, random) -> {
            for (int i = 0; i < parameter.elements(); i++) {
                parameter.setFloat(i, value);
            }
        });
    }
}
