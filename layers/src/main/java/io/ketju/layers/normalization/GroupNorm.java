package io.ketju.layers.normalization;

import io.ketju.layers.Layer;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;

/**
 * Each group of channels of each sample to mean 0 and variance 1, then times a weight plus a bias per channel: [samples,
 * numChannels, ...] to the same, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.GroupNorm.html">torch.nn.GroupNorm</a>. Parameters, both
 * [numChannels]: weight, ones at the start, and bias, zeros.
 *
 * @param numGroups groups of equal size that the channels are cut into
 * @param numChannels channels
 * @param eps added to the variance
 * @param affine whether there are weight and bias
 */
public record GroupNorm(int numGroups, int numChannels, double eps, boolean affine) implements GroupNormalization {
    public static final Entry<Layer> ENTRY = Description.of(
                    "GroupNorm", "Normalizes each group of channels of a sample")
            .required("num_groups", "groups of equal size that the channels are cut into")
            .required("num_channels", "channels")
            .optional("eps", DEFAULT_EPS, "added to the variance")
            .optional("affine", true, "whether there are weight and bias")
            .formula("y = (x - mean) / √(variance + eps) · weight + bias")
            .shapes("[samples, num_channels, ...] to the same")
            .parameters("weight, bias [num_channels]")
            .source("torch.nn.GroupNorm; Wu and He 2018")
            .readBy(arguments -> new GroupNorm(
                    arguments.integer("num_groups"),
                    arguments.integer("num_channels"),
                    arguments.number("eps"),
                    arguments.flag("affine")));

    /**
     * Checks channels, groups and eps.
     *
     * @throws IllegalArgumentException naming the argument, unless there are both, groups divide channels, and eps is finite and at least 0
     */
    public GroupNorm {
        Arguments.requirePositive("GroupNorm", "num_groups", numGroups);
        Arguments.requirePositive("GroupNorm", "num_channels", numChannels);
        if (numChannels % numGroups != 0) {
            throw new IllegalArgumentException("GroupNorm: argument 'num_groups': expected a divisor of num_channels = "
                    + numChannels + ", found " + numGroups);
        }
        BatchNormalization.requireEps("GroupNorm", eps);
    }

    /**
     * With PyTorch's eps, weight and bias.
     *
     * @param numGroups groups that the channels are cut into, a divisor of numChannels
     * @param numChannels channels, at least 1
     */
    public GroupNorm(int numGroups, int numChannels) {
        this(numGroups, numChannels, DEFAULT_EPS, true);
    }

    /**
     * {@return this, with another eps}
     *
     * @param other added to the variance, at least 0
     */
    public GroupNorm withEps(double other) {
        return new GroupNorm(numGroups, numChannels, other, affine);
    }

    /** {@return this without weight and bias} */
    public GroupNorm withoutAffine() {
        return new GroupNorm(numGroups, numChannels, eps, false);
    }

    @Override
    public Spec spec() {
        return ENTRY.description()
                .terse(Spec.of("GroupNorm", numGroups, numChannels)
                        .withNumber("eps", eps)
                        .with("affine", affine));
    }

    @Override
    public int channels() {
        return numChannels;
    }

    @Override
    public int groups() {
        return numGroups;
    }

    @Override
    public String expected() {
        return "[samples, " + numChannels + ", ...]";
    }

    @Override
    public boolean takesRank(int rank) {
        return rank >= 2;
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
