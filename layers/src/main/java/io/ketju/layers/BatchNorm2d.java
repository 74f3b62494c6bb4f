package io.ketju.layers;

/**
 * Each channel of a mini-batch to mean 0 and variance 1, then times a weight plus a bias: [samples, numFeatures, height, width] to the same, as <a
 * href="https://pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html">torch.nn.BatchNorm2d</a>. Each micro-batch is
 * normalized by its own statistics; the running ones, by which an evaluation normalizes, move once per mini-batch,
 * towards those of all its micro-batches together. Parameters, all [numFeatures]: weight, bias; buffers running_mean,
 * running_var.
 *
 * @param numFeatures channels
 * @param eps added to the variance
 * @param momentum what the statistics of the newest mini-batch weigh in the running ones
 * @param affine whether there are weight and bias
 * @param trackRunningStats whether there are running statistics; without them an evaluation uses its own batch's
 */
public record BatchNorm2d(int numFeatures, double eps, double momentum, boolean affine, boolean trackRunningStats)
        implements BatchNormalization {
    public BatchNorm2d {
        Windows.requirePositive("BatchNorm2d", "num_features", numFeatures);
        BatchNormalization.requireEps("BatchNorm2d", eps);
        BatchNormalization.requireMomentum("BatchNorm2d", momentum);
    }

    /** With PyTorch's defaults. */
    public BatchNorm2d(int numFeatures) {
        this(numFeatures, DEFAULT_EPS, DEFAULT_MOMENTUM, true, true);
    }

    static BatchNorm2d of(Spec spec) {
        Arguments arguments = BatchNormalization.arguments(spec);
        return new BatchNorm2d(
                arguments.integer("num_features"),
                arguments.number("eps", DEFAULT_EPS),
                arguments.number("momentum", DEFAULT_MOMENTUM),
                arguments.flag("affine", true),
                arguments.flag("track_running_stats", true));
    }

    public BatchNorm2d withEps(double other) {
        return new BatchNorm2d(numFeatures, other, momentum, affine, trackRunningStats);
    }

    public BatchNorm2d withMomentum(double other) {
        return new BatchNorm2d(numFeatures, eps, other, affine, trackRunningStats);
    }

    public BatchNorm2d withoutAffine() {
        return new BatchNorm2d(numFeatures, eps, momentum, false, trackRunningStats);
    }

    public BatchNorm2d withoutRunningStats() {
        return new BatchNorm2d(numFeatures, eps, momentum, affine, false);
    }

    @Override
    public Spec spec() {
        return BatchNormalization.spec("BatchNorm2d", this);
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
