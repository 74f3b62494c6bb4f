package io.ketju.layers.normalization;

import io.ketju.layers.Footprint;
import io.ketju.layers.FullBackward;
import io.ketju.layers.OneToOne;
import io.ketju.layers.Parameter;
import io.ketju.layers.Pass;
import io.ketju.layers.Port;
import io.ketju.layers.initializer.Initializers;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.Affine;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.Gradients;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.RowStatistics;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the normalizations of each sample by groups of its channels share: [samples, channels, ...] to the same, {@code y =
 * (x - mean) / √(variance + eps) · weight + bias}, mean and biased variance of a group, weight and bias per channel.
 */
public interface GroupNormalization extends OneToOne, FullBackward {
    /** PyTorch's eps. */
    double DEFAULT_EPS = 1e-5;

    /** {@return channels, at least 1} */
    int channels();

    /** {@return groups of equal size that the channels are cut into} */
    int groups();

    /** {@return what is added to the variance} */
    double eps();

    /** {@return whether there are a weight, ones at the start, and a bias, zeros} */
    boolean affine();

    /** {@return the inputs that it takes, for messages: {@code [samples, 8, ...]}} */
    String expected();

    /**
     * Whether an input may have so many dimensions.
     *
     * @param rank of the input
     * @return whether {@link #output} takes it
     */
    boolean takesRank(int rank);

    @Override
    default List<Parameter> parameters() {
        Shape channels = Shape.of(channels());
        return affine()
                ? List.of(
                        new Parameter("weight", channels, Initializers.constant(1)),
                        new Parameter("bias", channels, Initializers.zeros()))
                : List.of();
    }

    @Override
    default TensorType output(TensorType input) {
        Shape shape = input.shape();
        if (!takesRank(shape.rank())
                || shape.dimension(1) != channels()
                || shape.sample().elements() == 0) {
            throw new IllegalArgumentException("expected input " + expected() + ", found " + shape);
        }
        return input;
    }

    /** Both gradients read the input; forward keeps mean and inverse deviation of each group of each sample. */
    @Override
    default Footprint footprint(TensorType input) {
        TensorType perGroup = TensorType.floats(norm(input.shape()).rows());
        Footprint footprint =
                Footprint.NOTHING.inputGradientReading(Port.input(0)).keeping(perGroup, perGroup);
        return affine() ? footprint.weightGradientReading(Port.input(0)) : footprint;
    }

    /** Two per element for each of mean, variance, normalization and affine map. */
    @Override
    default long forwardFlops(TensorType input) {
        return 8L * input.shape().elements();
    }

    @Override
    default void forward(Pass pass) {
        Tensor input = pass.input(0);
        Affine affine = affine() ? new Affine(pass.parameter(0), pass.parameter(1)) : Affine.NONE;
        pass.kernels()
                .normalization()
                .groupNormForward(norm(input.shape()), affine, input, statistics(pass), pass.output(0));
    }

    @Override
    default void backwardInput(Pass pass) {
        backward(pass, new Gradients(pass.gradInput(0), null, null));
    }

    @Override
    default void backwardWeight(Pass pass) {
        if (learns(pass, 0) || learns(pass, 1)) {
            backward(pass, new Gradients(null, gradient(pass, 0), gradient(pass, 1)));
        }
    }

    @Override
    default void backward(Pass pass) {
        backward(pass, new Gradients(pass.gradInput(0), gradient(pass, 0), gradient(pass, 1)));
    }

    private void backward(Pass pass, Gradients gradients) {
        Tensor input = pass.input(0);
        Tensor weight = affine() ? pass.parameter(0) : null;
        pass.kernels()
                .normalization()
                .groupNormBackward(norm(input.shape()), weight, statistics(pass), input, pass.gradOutput(0), gradients);
    }

    private @Nullable Tensor gradient(Pass pass, int parameter) {
        return learns(pass, parameter) ? pass.gradient(parameter) : null;
    }

    private boolean learns(Pass pass, int parameter) {
        return affine() && pass.wantsWeightGradient(parameter);
    }

    private static RowStatistics statistics(Pass pass) {
        return new RowStatistics(pass.kept(0), pass.kept(1));
    }

    private io.ketju.tensor.kernel.normalization.GroupNorm norm(Shape shape) {
        int spatial = shape.sample().elements() / channels();
        return new io.ketju.tensor.kernel.normalization.GroupNorm(
                shape.dimension(0), channels(), spatial, groups(), eps());
    }
}
