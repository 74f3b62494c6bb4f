package io.ketju.layers.normalization;

import io.ketju.layers.Layer;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.tensor.TensorType;
import java.util.List;

/**
 * Each channel of each sample to mean 0 and variance 1, in training and evaluation, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.InstanceNorm2d.html">torch.nn.InstanceNorm1d and
 * InstanceNorm2d</a> without running statistics. Parameters where it is affine, both [numFeatures]: weight, ones at the
 * start, and bias, zeros. A channel of one element cannot be trained on.
 *
 * @param dimensions of a channel: 1 takes [samples, numFeatures, length], 2 [samples, numFeatures, height, width]
 * @param numFeatures channels
 * @param eps added to the variance
 * @param affine whether there are weight and bias
 */
public record InstanceNorm(int dimensions, int numFeatures, double eps, boolean affine) implements GroupNormalization {
    /** {@code InstanceNorm1d}. */
    public static final Entry<Layer> ONE_D = entry(1, "[samples, num_features, L] to the same");

    /** {@code InstanceNorm2d}. */
    public static final Entry<Layer> TWO_D = entry(2, "[samples, num_features, H, W] to the same");

    private static Entry<Layer> entry(int dimensions, String shapes) {
        String name = name(dimensions);
        return Description.of(name, "Normalizes each channel of a sample")
                .required("num_features", "channels")
                .optional("eps", DEFAULT_EPS, "added to the variance")
                .optional("momentum", 0.1, "of running statistics in PyTorch; without them it changes nothing")
                .optional("affine", false, "whether there are weight and bias")
                .optional("track_running_stats", false, "false: an evaluation normalizes as training does")
                .formula("y = (x - mean) / √(variance + eps) · weight + bias")
                .shapes(shapes)
                .parameters("weight, bias [num_features]")
                .source("torch.nn." + name + "; Ulyanov et al. 2016")
                .readBy(arguments -> of(dimensions, arguments));
    }

    private static InstanceNorm of(int dimensions, Arguments arguments) {
        BatchNormalization.requireMomentum(name(dimensions), arguments.number("momentum"));
        if (arguments.flag("track_running_stats")) {
            throw new IllegalArgumentException(name(dimensions)
                    + ": argument 'track_running_stats': expected false, found true; running statistics of instances are"
                    + " not supported");
        }
        return new InstanceNorm(
                dimensions, arguments.integer("num_features"), arguments.number("eps"), arguments.flag("affine"));
    }

    private static String name(int dimensions) {
        return "InstanceNorm" + dimensions + "d";
    }

    /**
     * Checks dimensions, channels and eps.
     *
     * @throws IllegalArgumentException naming the argument that does not fit
     */
    public InstanceNorm {
        if (dimensions != 1 && dimensions != 2) {
            throw new IllegalArgumentException(
                    "normalization of instances: expected 1 or 2 dimensions, found " + dimensions);
        }
        Arguments.requirePositive(name(dimensions), "num_features", numFeatures);
        BatchNormalization.requireEps(name(dimensions), eps);
    }

    @Override
    public Spec spec() {
        return (dimensions == 1 ? ONE_D : TWO_D)
                .description()
                .terse(Spec.of(name(dimensions), numFeatures)
                        .withNumber("eps", eps)
                        .with("affine", affine));
    }

    @Override
    public int channels() {
        return numFeatures;
    }

    @Override
    public int groups() {
        return numFeatures;
    }

    @Override
    public String expected() {
        return "[samples, " + numFeatures + (dimensions == 1 ? ", length]" : ", height, width]");
    }

    @Override
    public boolean takesRank(int rank) {
        return rank == dimensions + 2;
    }

    @Override
    public void requireTrainable(List<TensorType> inputs) {
        if (inputs.getFirst().shape().sample().elements() == numFeatures) {
            throw new IllegalArgumentException(this + ": expected more than one value per channel in training, found "
                    + inputs.getFirst() + "; normalize before the last pooling, or leave it out there");
        }
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
