package io.ketju.tensor.kernel.update;

/**
 * The single-precision constants of one NAdam update (torch/optim/nadam.py).
 *
 * @param keep what decoupled weight decay leaves of the weight, else 1
 * @param correction 1 - beta2^step
 * @param rate of the gradient
 * @param momentumRate of its average
 */
record NadamFactors(
        Gradient gradient,
        float keep,
        Average first,
        Average second,
        float correction,
        float epsilon,
        float rate,
        float momentumRate) {
    static NadamFactors of(UpdateKernels.NadamStep step) {
        double mu = step.mu();
        double next = step.mu(step.step() + 1);
        double product = step.muProduct() * mu;
        return new NadamFactors(
                Gradient.of(step.options()),
                AdamFactors.keep(step.options(), step.learningRate()),
                Average.of(step.beta1()),
                Average.of(step.beta2()),
                (float) AdamFactors.correction(step.beta2(), step.step()),
                (float) step.epsilon(),
                (float) (step.learningRate() * (1 - mu) / (1 - product)),
                (float) (step.learningRate() * next / (1 - product * next)));
    }

    float updated(float weight, float gradient, float m, float v) {
        float denominator = (float) Math.sqrt(v / correction) + epsilon;
        return weight - rate * gradient / denominator - momentumRate * m / denominator;
    }
}
