package io.ketju.tensor.kernel.update;

/**
 * The single-precision constants of one RAdam update (torch/optim/radam.py).
 *
 * @param keep what decoupled weight decay leaves of the weight, else 1
 * @param rectified whether the variance of the adaptive rate is tractable
 * @param rate learning rate / (1 - beta1^step), times the rectification and sqrt(1 - beta2^step) if rectified
 */
record RadamFactors(
        Gradient gradient, float keep, Average first, Average second, boolean rectified, float rate, float epsilon) {
    /** From this length of the average on its variance is tractable. */
    private static final double SHORTEST = 5;

    static RadamFactors of(UpdateKernels.RadamStep step) {
        double correction2 = AdamFactors.correction(step.beta2(), step.step());
        double limit = 2 / (1 - step.beta2()) - 1;
        double length = limit - 2 * step.step() * (1 - correction2) / correction2;
        boolean rectified = length > SHORTEST;
        double rate = step.learningRate() / AdamFactors.correction(step.beta1(), step.step());
        double rectification = (length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length);
        return new RadamFactors(
                Gradient.of(step.options()),
                AdamFactors.keep(step.options(), step.learningRate()),
                Average.of(step.beta1()),
                Average.of(step.beta2()),
                rectified,
                (float) (rectified ? rate * Math.sqrt(rectification) * Math.sqrt(correction2) : rate),
                (float) step.epsilon());
    }

    float updated(float weight, float m, float v) {
        return rectified ? weight - rate * m / ((float) Math.sqrt(v) + epsilon) : Math.fma(-rate, m, weight);
    }
}
