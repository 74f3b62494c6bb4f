package io.ketju.tensor.kernel.loss;

/** {@link LossKernels#bceWithLogits} without weights, of one score with its label. */
public final class LogisticLoss {
    private LogisticLoss() {}

    public static float loss(float score, float label) {
        return PointwiseMath.bceWithLogits(score, label, 1);
    }

    /** The derivative of the loss by the score. */
    public static float slope(float score, float label) {
        return PointwiseMath.bceWithLogitsGradient(score, label, 1);
    }
}
