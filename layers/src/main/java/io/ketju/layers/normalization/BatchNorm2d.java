package io.ketju.layers.normalization;

import io.ketju.layers.Layer;
import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import java.util.OptionalDouble;

/**
 * Each channel of a mini-batch to mean 0 and variance 1, then times a weight plus a bias: [samples, numFeatures, height, width] to the
 * same, as <a href="https://pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html">torch.nn.BatchNorm2d</a>. Each micro-batch is
 * normalized by its own statistics; the running ones, by which an evaluation normalizes, move once per mini-batch, towards those of all its
 * micro-batches together. Parameters, all [numFeatures]: weight, bias; buffers running_mean, running_var, and num_batches_tracked [] where
 * the mean of all mini-batches is kept.
 *
 * @param numFeatures channels
 * @param eps added to the variance
 * @param momentum what the statistics of the newest mini-batch weigh in the running ones; empty: as much as each one before
 * @param affine whether there are weight and bias
 * @param trackRunningStats whether there are running statistics; without them an evaluation uses its own batch's
 */
public record BatchNorm2d(
        int numFeatures, double eps, OptionalDouble momentum, boolean affine, boolean trackRunningStats)
        implements BatchNormalization {
    public static final Entry<Layer> ENTRY = BatchNormalization.describe("BatchNorm2d")
            .shapes("[samples, num_features, H, W] to the same")
            .source("torch.nn.BatchNorm2d; Ioffe and Szegedy 2015")
            .readBy(BatchNorm2d::of);

    /**
     * Checks channels, eps and momentum.
     *
     * @throws IllegalArgumentException naming the argument, unless there are channels, eps is finite and at least 0, and momentum is from 0
     *     to 1
     */
    public BatchNorm2d {
        Arguments.requirePositive("BatchNorm2d", "num_features", numFeatures);
        BatchNormalization.requireEps("BatchNorm2d", eps);
        BatchNormalization.requireMomentum("BatchNorm2d", momentum);
    }

    /**
     * With PyTorch's defaults.
     *
     * @param numFeatures channels, at least 1
     */
    public BatchNorm2d(int numFeatures) {
        this(numFeatures, DEFAULT_EPS, OptionalDouble.of(DEFAULT_MOMENTUM), true, true);
    }

    private static BatchNorm2d of(Arguments arguments) {
        return new BatchNorm2d(
                arguments.integer("num_features"),
                arguments.number("eps"),
                BatchNormalization.momentum(arguments),
                arguments.flag("affine"),
                arguments.flag("track_running_stats"));
    }

    /**
     * {@return this, with another eps}
     *
     * @param other added to the variance, at least 0
     */
    public BatchNorm2d withEps(double other) {
        return new BatchNorm2d(numFeatures, other, momentum, affine, trackRunningStats);
    }

    /**
     * {@return this, with another momentum}
     *
     * @param other what the newest mini-batch weighs in the running statistics, 0 to 1
     */
    public BatchNorm2d withMomentum(double other) {
        return new BatchNorm2d(numFeatures, eps, OptionalDouble.of(other), affine, trackRunningStats);
    }

    /** {@return this, with running statistics that are the means over all mini-batches: PyTorch's momentum None} */
    public BatchNorm2d withoutMomentum() {
        return new BatchNorm2d(numFeatures, eps, OptionalDouble.empty(), affine, trackRunningStats);
    }

    /** {@return this without weight and bias} */
    public BatchNorm2d withoutAffine() {
        return new BatchNorm2d(numFeatures, eps, momentum, false, trackRunningStats);
    }

    /** {@return this without running statistics} */
    public BatchNorm2d withoutRunningStats() {
        return new BatchNorm2d(numFeatures, eps, momentum, affine, false);
    }

    @Override
    public Spec spec() {
        return BatchNormalization.spec(ENTRY.description(), this);
    }

    @Override
    public String expected() {
        return "[samples, " + numFeatures + ", height, width]";
    }

    @Override
    public boolean takesRank(int rank) {
        return rank == 4;
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
