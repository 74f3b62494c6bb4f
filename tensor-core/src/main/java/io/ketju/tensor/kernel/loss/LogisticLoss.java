package io.ketju.tensor.kernel.loss;

/** {@link LossKernels#bceWithLogits} without weights, of one score with its label. */
public final class LogisticLoss {
    private LogisticLoss() {}

    /**
     * {@return the loss, {@code log(1 + exp(x)) - t x}}
     *
     * @param score the logit x
     * @param label t, from 0 to 1
     */
    public static float loss(float score, float label) {
        return PointwiseMath.bceWithLogits(score, label, 1);
    }

    /**
     * {@return the derivative of the loss by the score, {@code sigmoid(x) - t}}
     *
     * @param score the logit x
     * @param label t, from 0 to 1
     */
    public static float slope(float score, float label) {
        return PointwiseMath.bceWithLogitsGradient(score, label, 1);
    }
}
