package io.ketju.layers.normalization;

import io.ketju.layers.Commit;
import io.ketju.layers.Footprint;
import io.ketju.layers.FullBackward;
import io.ketju.layers.OneToOne;
import io.ketju.layers.Parameter;
import io.ketju.layers.Pass;
import io.ketju.layers.Port;
import io.ketju.layers.initializer.Initializers;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.BatchNormOperands;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What the batch normalizations of all ranks share: [samples, channels, ...] to the same, {@code y = (x - mean) /
 * √(variance + eps) · weight + bias} per channel.
 *
 * <p>In training each micro-batch is normalized by its own mean and biased variance, so results depend on how many
 * micro-batches a mini-batch is cut into. The running statistics, by which an evaluation normalizes, move once per
 * mini-batch, towards mean and unbiased variance of all its micro-batches together. A micro-batch with one value per
 * channel has no variance and cannot be trained on.
 */
public interface BatchNormalization extends OneToOne, FullBackward {
    /** PyTorch's eps. */
    double DEFAULT_EPS = 1e-5;
    /** PyTorch's momentum. */
    double DEFAULT_MOMENTUM = 0.1;

    /** {@return channels, at least 1} */
    int numFeatures();

    /** {@return what is added to the variance} */
    double eps();

    /** {@return what the statistics of the newest mini-batch weigh in the running ones; empty: as much as those of each before} */
    OptionalDouble momentum();

    /** {@return whether mini-batches are counted, because their number is what the newest weighs by} */
    default boolean counts() {
        return trackRunningStats() && momentum().isEmpty();
    }

    /** {@return whether there are a weight, ones at the start, and a bias, zeros} */
    boolean affine();

    /** {@return whether there are running statistics; an evaluation without them normalizes as training does} */
    boolean trackRunningStats();

    /** {@return the inputs that it takes, for messages: {@code [samples, 8, height, width]}} */
    String expected();

    /**
     * Whether an input may have so many dimensions.
     *
     * @param rank of the input
     * @return whether {@link #output} takes it
     */
    boolean takesRank(int rank);

    /**
     * Name, features and what is not as PyTorch has it by default.
     *
     * @param description of the layer
     * @param layer whose arguments are written
     * @return the text of the layer
     */
    static Spec spec(Description description, BatchNormalization layer) {
        OptionalDouble momentum = layer.momentum();
        return description.terse(Spec.of(description.name(), layer.numFeatures())
                .withNumber("eps", layer.eps())
                .with("momentum", momentum.isPresent() ? Spec.number(momentum.getAsDouble()) : "None")
                .with("affine", layer.affine())
                .with("track_running_stats", layer.trackRunningStats()));
    }

    /**
     * What is the same for all of them.
     *
     * @param name of the layer
     * @return a description without shapes and source
     */
    static Description describe(String name) {
        return Description.of(name, "Normalizes each channel by mean and variance of the micro-batch")
                .required("num_features", "channels")
                .optional("eps", DEFAULT_EPS, "added to the variance")
                .optional(
                        "momentum",
                        DEFAULT_MOMENTUM,
                        "what the newest statistics weigh in the running ones; None: 1 / their number")
                .optional("affine", true, "whether there are weight and bias")
                .optional("track_running_stats", true, "whether there are running statistics, for evaluation")
                .formula("y = (x - mean) / √(variance + eps) · weight + bias; in evaluation by the running statistics")
                .parameters(
                        "weight, bias, running_mean, running_var [num_features]; num_batches_tracked [] of momentum None");
    }

    /**
     * Reads the momentum.
     *
     * @param arguments of such a layer
     * @return the number; empty for {@code None}, where the mean of all is kept
     */
    static OptionalDouble momentum(Arguments arguments) {
        return arguments.word("momentum").equalsIgnoreCase("none")
                ? OptionalDouble.empty()
                : OptionalDouble.of(arguments.number("momentum"));
    }

    /**
     * Checks a momentum where there is one.
     *
     * @param name of the layer, for the message
     * @param momentum to be from 0 to 1
     * @throws IllegalArgumentException if it is not
     */
    static void requireMomentum(String name, OptionalDouble momentum) {
        momentum.ifPresent(number -> requireMomentum(name, number));
    }

    /**
     * Checks a momentum.
     *
     * @param name of the layer, for the message
     * @param momentum to be from 0 to 1
     * @throws IllegalArgumentException if it is not
     */
    static void requireMomentum(String name, double momentum) {
        if (!(momentum >= 0 && momentum <= 1)) {
            throw new IllegalArgumentException(
                    name + ": argument 'momentum': expected a number from 0 to 1, found " + momentum);
        }
    }

    /**
     * Checks an eps.
     *
     * @param name of the layer, for the message
     * @param eps to be finite and at least 0
     * @throws IllegalArgumentException if it is not
     */
    static void requireEps(String name, double eps) {
        if (!(eps >= 0 && Double.isFinite(eps))) {
            throw new IllegalArgumentException(name + ": argument 'eps': expected a number >= 0, found " + eps);
        }
    }

    @Override
    default List<Parameter> parameters() {
        Shape channels = Shape.of(numFeatures());
        List<Parameter> parameters = new ArrayList<>();
        if (affine()) {
            parameters.add(new Parameter("weight", channels, Initializers.constant(1)));
            parameters.add(new Parameter("bias", channels, Initializers.zeros()));
        }
        if (trackRunningStats()) {
            parameters.add(Parameter.buffer("running_mean", channels, Initializers.zeros()));
            parameters.add(Parameter.buffer("running_var", channels, Initializers.constant(1)));
        }
        if (counts()) {
            parameters.add(Parameter.buffer("num_batches_tracked", Shape.of(), Initializers.zeros()));
        }
        return parameters;
    }

    @Override
    default TensorType output(TensorType input) {
        Shape shape = input.shape();
        if (!takesRank(shape.rank())
                || shape.dimension(1) != numFeatures()
                || shape.sample().elements() == 0) {
            throw new IllegalArgumentException("expected input " + expected() + ", found " + shape);
        }
        return input;
    }

    /**
     * Both gradients read the input. Mean and variance of the micro-batch stay until the step where running ones follow
     * them, otherwise until its backward.
     */
    @Override
    default Footprint footprint(TensorType input) {
        Footprint footprint = Footprint.NOTHING.inputGradientReading(Port.input(0));
        footprint = affine() ? footprint.weightGradientReading(Port.input(0)) : footprint;
        return new BatchNormRun(this).withStatistics(footprint);
    }

    /** Two per element for each of mean, variance, normalization and affine map. */
    @Override
    default long forwardFlops(TensorType input) {
        return 8L * input.shape().elements();
    }

    /** Throws {@link IllegalArgumentException} for a micro-batch of one value per channel in training. */
    @Override
    default void forward(Pass pass) {
        new BatchNormRun(this).forward(pass, pass.input(0), null, pass.output(0));
    }

    @Override
    default void requireTrainable(List<TensorType> inputs) {
        if (inputs.getFirst().shape().elements() / numFeatures() < 2) {
            throw new IllegalArgumentException(this + ": expected a micro-batch of more than one value per channel in"
                    + " training, found " + inputs.getFirst()
                    + "; make mini-batches larger or cut them into fewer micro-batches");
        }
    }

    @Override
    default void backwardInput(Pass pass) {
        backward(pass, pass.gradInput(0), false);
    }

    @Override
    default void backwardWeight(Pass pass) {
        if (new BatchNormRun(this).learns(pass)) {
            backward(pass, null, true);
        }
    }

    @Override
    default void backward(Pass pass) {
        backward(pass, pass.gradInput(0), true);
    }

    private void backward(Pass pass, @Nullable Tensor gradInput, boolean ofWeights) {
        BatchNormOperands operands = new BatchNormOperands(pass.input(0), pass.gradOutput(0));
        new BatchNormRun(this).backward(pass, operands, gradInput, ofWeights);
    }

    /** Moves the running statistics once, by those of all micro-batches together. */
    @Override
    default void commit(Commit commit) {
        new BatchNormRun(this).commit(commit, input -> input);
    }
}
