package io.ketju.layers.initializer;

import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Registry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.random.CounterRandom;
import java.util.SortedSet;
import java.util.function.ToDoubleFunction;

/**
 * The initial values of <a href="https://pytorch.org/docs/stable/nn.init.html">torch.nn.init</a>, with its names,
 * defaults and fans (Glorot and Bengio 2010; He et al. 2015). Same distributions, other random numbers: every element
 * is a function of (seed, parameter name, index).
 */
public final class Initializers {
    private static final String FAN_IN = InitializerEntries.FAN_IN;
    private static final String LEAKY_RELU = InitializerEntries.LEAKY_RELU;

    /** All of them by name, as jobs write them. */
    public static final Registry<Initializer> REGISTRY = new Registry<>("initializer", InitializerEntries.ALL);

    private static final Initializer LAYER_DEFAULT = kaimingUniform(Math.sqrt(5));

    /** An initializer that prints itself; equal to another of the same text. */
    private record Named(Spec spec, Fill fill, Dimensions dimensions) implements Initializer {
        Named(Spec spec, Fill fill) {
            this(spec, fill, new Dimensions(0, Integer.MAX_VALUE, 1));
        }

        @Override
        public void requireFit(Shape shape) {
            dimensions.require(spec, shape);
        }

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

    /**
     * Shapes that can be filled.
     *
     * @param groups the first dimension is a multiple of
     */
    private record Dimensions(int least, int most, int groups) {
        void require(Spec spec, Shape shape) {
            int rank = shape.rank();
            if (rank < least || rank > most) {
                String bounds = most == Integer.MAX_VALUE ? "at least " + least : least + " to " + most;
                throw new IllegalArgumentException(spec + ": expected a parameter of "
                        + (least == most ? "" + least : bounds) + " dimensions, found " + shape);
            }
            if (groups > 1 && shape.dimension(0) % groups != 0) {
                throw new IllegalArgumentException(
                        spec + ": expected a first dimension that is a multiple of " + groups + ", found " + shape);
            }
        }
    }

    @FunctionalInterface
    private interface Fill {
        void apply(Tensor parameter, Fans fans, CounterRandom random);
    }

    private Initializers() {}

    /**
     * Uniform within ±√(6 / ((1 + a²) fanIn)).
     *
     * @param a slope of the leaky ReLU that follows
     * @return the initializer
     */
    public static Initializer kaimingUniform(double a) {
        return kaimingUniform(a, FAN_IN, LEAKY_RELU);
    }

    /**
     * Normal with variance 2 / ((1 + a²) fanIn).
     *
     * @param a slope of the leaky ReLU that follows
     * @return the initializer
     */
    public static Initializer kaimingNormal(double a) {
        return kaimingNormal(a, FAN_IN, LEAKY_RELU);
    }

    /**
     * Uniform with variance gain² / fan.
     *
     * @param a slope of a leaky ReLU; others have none
     * @param mode {@code fan_in} or {@code fan_out}
     * @param nonlinearity that follows: {@code relu}, {@code tanh}, ... as torch.nn.init.calculate_gain has them
     * @return the initializer
     * @throws IllegalArgumentException for another mode or nonlinearity
     */
    public static Initializer kaimingUniform(double a, String mode, String nonlinearity) {
        double half = Gain.half("kaiming_uniform", nonlinearity, a);
        return uniform(
                kaiming("kaiming_uniform", a, mode, nonlinearity), fans -> Math.sqrt(6 / (half * fans.of(mode))));
    }

    /**
     * Normal with variance gain² / fan.
     *
     * @param a slope of a leaky ReLU; others have none
     * @param mode {@code fan_in} or {@code fan_out}
     * @param nonlinearity that follows, as of {@link #kaimingUniform(double, String, String)}
     * @return the initializer
     * @throws IllegalArgumentException for another mode or nonlinearity
     */
    public static Initializer kaimingNormal(double a, String mode, String nonlinearity) {
        double half = Gain.half("kaiming_normal", nonlinearity, a);
        return normal(kaiming("kaiming_normal", a, mode, nonlinearity), fans -> Math.sqrt(2 / (half * fans.of(mode))));
    }

    private static Spec kaiming(String name, double a, String mode, String nonlinearity) {
        Fans.requireMode(name, mode);
        Spec spec = Spec.of(name).withNumber("a", a);
        spec = mode.equals(FAN_IN) ? spec : spec.with("mode", mode);
        return nonlinearity.equals(LEAKY_RELU) ? spec : spec.with("nonlinearity", nonlinearity);
    }

    /**
     * Uniform within ±gain·√(6 / (fanIn + fanOut)).
     *
     * @param gain at least 0
     * @return the initializer
     */
    public static Initializer xavierUniform(double gain) {
        Spec spec = Spec.of("xavier_uniform").withNumber("gain", nonNegative("xavier_uniform", "gain", gain));
        return uniform(spec, fans -> gain * Math.sqrt(6 / (fans.in() + fans.out())));
    }

    /**
     * Normal with standard deviation gain·√(2 / (fanIn + fanOut)).
     *
     * @param gain at least 0
     * @return the initializer
     */
    public static Initializer xavierNormal(double gain) {
        Spec spec = Spec.of("xavier_normal").withNumber("gain", nonNegative("xavier_normal", "gain", gain));
        return normal(spec, fans -> gain * Math.sqrt(2 / (fans.in() + fans.out())));
    }

    /**
     * Uniform within ±bound.
     *
     * @param bound at least 0
     * @return the initializer
     */
    public static Initializer uniform(double bound) {
        return uniform(Spec.of("uniform").withNumber("bound", nonNegative("uniform", "bound", bound)), fans -> bound);
    }

    /**
     * Normal around zero.
     *
     * @param std standard deviation, at least 0
     * @return the initializer
     */
    public static Initializer normal(double std) {
        return normal(Spec.of("normal").withNumber("std", nonNegative("normal", "std", std)), fans -> std);
    }

    /**
     * Uniform of an interval.
     *
     * @param low least value
     * @param high upper end, which is not among the values; at least low
     * @return the initializer
     */
    public static Initializer uniform(double low, double high) {
        if (!(low <= high)) {
            throw new IllegalArgumentException(
                    "uniform: argument 'b': expected at least a = " + low + ", found " + high);
        }
        Spec spec = Spec.of("uniform").withNumber("a", low).withNumber("b", high);
        return new Named(spec, (parameter, fans, random) -> random.fillUniform(parameter, (float) low, (float) high));
    }

    /**
     * Normal.
     *
     * @param std standard deviation, at least 0
     * @param mean of the values
     * @param polar by Marsaglia's polar method, else by Box and Muller's transform
     * @return the initializer
     */
    public static Initializer normal(double std, double mean, boolean polar) {
        Spec spec = Spec.of("normal").withNumber("std", nonNegative("normal", "std", std));
        spec = mean == 0 ? spec : spec.withNumber("mean", mean);
        if (polar) {
            return new Named(
                    spec.with("method", InitializerEntries.POLAR),
                    (parameter, fans, random) -> Draws.polar(parameter, mean, std, random));
        }
        return new Named(spec, (parameter, fans, random) -> random.fillNormal(parameter, (float) mean, (float) std));
    }

    /**
     * Normal values, given that they lie in an interval: none is cut off at its ends.
     *
     * @param mean of the values before
     * @param std standard deviation before, above 0
     * @param low least value
     * @param high greatest value, above low
     * @return the initializer
     */
    public static Initializer truncatedNormal(double mean, double std, double low, double high) {
        if (!(std > 0)) {
            throw new IllegalArgumentException("trunc_normal: argument 'std': expected a number > 0, found " + std);
        }
        if (!(low < high)) {
            throw new IllegalArgumentException(
                    "trunc_normal: argument 'b': expected more than a = " + low + ", found " + high);
        }
        Spec spec = Spec.of("trunc_normal")
                .withNumber("mean", mean)
                .withNumber("std", std)
                .withNumber("a", low)
                .withNumber("b", high);
        return new Named(spec, (parameter, fans, random) -> Draws.truncated(parameter, mean, std, low, high, random));
    }

    /**
     * Rows, or columns where there are fewer, orthogonal to each other.
     *
     * @param gain their length, at least 0
     * @return the initializer, of at least two dimensions; those behind the first count as columns
     */
    public static Initializer orthogonal(double gain) {
        Spec spec = Spec.of("orthogonal").withNumber("gain", nonNegative("orthogonal", "gain", gain));
        Dimensions dimensions = new Dimensions(2, Integer.MAX_VALUE, 1);
        return new Named(spec, (parameter, fans, random) -> Matrices.orthogonal(parameter, gain, random), dimensions);
    }

    /**
     * Normal around zero, with zeros in random rows of every column.
     *
     * @param sparsity share of zeros, 0 to 1, of each column rounded up to whole elements
     * @param std standard deviation of the others, at least 0
     * @return the initializer, of matrices alone
     */
    public static Initializer sparse(double sparsity, double std) {
        if (!(sparsity >= 0 && sparsity <= 1)) {
            throw new IllegalArgumentException(
                    "sparse: argument 'sparsity': expected 0 <= number <= 1, found " + sparsity);
        }
        Spec spec =
                Spec.of("sparse").withNumber("sparsity", sparsity).withNumber("std", nonNegative("sparse", "std", std));
        Dimensions dimensions = new Dimensions(2, 2, 1);
        return new Named(
                spec, (parameter, fans, random) -> Matrices.sparse(parameter, sparsity, std, random), dimensions);
    }

    /** {@return the initializer, of matrices alone: ones on the diagonal, else zeros} */
    public static Initializer eye() {
        return new Named(Spec.of("eye"), (parameter, fans, random) -> Matrices.eye(parameter), new Dimensions(2, 2, 1));
    }

    /**
     * Convolutions that keep their first channels.
     *
     * @param groups of channels, at least 1; the first dimension is a multiple
     * @return the initializer, of three to five dimensions
     */
    public static Initializer dirac(int groups) {
        if (groups < 1) {
            throw new IllegalArgumentException("dirac: argument 'groups': expected at least 1, found " + groups);
        }
        Spec spec = groups == 1 ? Spec.of("dirac") : Spec.of("dirac").with("groups", groups);
        return new Named(
                spec, (parameter, fans, random) -> Matrices.dirac(parameter, groups), new Dimensions(3, 5, groups));
    }

    /** {@return the initializer that makes every element 1} */
    public static Initializer ones() {
        return constant(Spec.of("ones"), 1);
    }

    /**
     * Every element the same.
     *
     * @param value of it, rounded to float32
     * @return the initializer
     */
    public static Initializer constant(double value) {
        return constant(Spec.of("constant").withNumber("val", value), (float) value);
    }

    /** {@return the initializer that makes every element 0} */
    public static Initializer zeros() {
        return constant(Spec.of("zeros"), 0);
    }

    /** {@return what PyTorch's Linear and Conv2d give their weights: uniform within ±1/√fanIn} */
    public static Initializer layerDefault() {
        return LAYER_DEFAULT;
    }

    /**
     * What PyTorch's Linear and Conv2d give their biases: uniform within ±1/√fanIn.
     *
     * @param fanIn inputs of one unit of the weight, at least 1
     * @return the initializer
     */
    public static Initializer biasDefault(int fanIn) {
        return uniform(1 / Math.sqrt(fanIn));
    }

    /**
     * Reads an initializer.
     *
     * @param text such as {@code xavier_uniform} or {@code constant(0.5)}
     * @return the initializer
     * @throws IllegalArgumentException saying what is wrong
     */
    public static Initializer parse(String text) {
        return REGISTRY.parse(text);
    }

    /**
     * The initializer that an argument names.
     *
     * @param arguments of a layer
     * @param argument its name: {@code init}
     * @return the initializer
     * @throws IllegalArgumentException saying what is wrong
     */
    public static Initializer of(Arguments arguments, String argument) {
        return parse(arguments.word(argument));
    }

    /** {@return names of all initializers, sorted} */
    public static SortedSet<String> names() {
        return REGISTRY.names();
    }

    /**
     * A layer's spec with its weight's initializer, unless that is the default.
     *
     * @param layer the spec without
     * @param initializer of the weight
     * @return the spec, with {@code init} where it is needed
     * @throws IllegalStateException if the initializer has no text
     */
    public static Spec addTo(Spec layer, Initializer initializer) {
        return initializer.equals(LAYER_DEFAULT) ? layer : layer.with("init", initializer.spec());
    }

    private static double nonNegative(String name, String argument, double value) {
        if (!(value >= 0)) {
            throw new IllegalArgumentException(
                    name + ": argument '" + argument + "': expected a number >= 0, found " + value);
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
