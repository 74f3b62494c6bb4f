package io.ketju.tensor.kernel;

/**
 * The single-precision constants of one Adam update, and its formulas in the scalar form. The constants are computed in
 * double as PyTorch does (torch/optim/adam.py, {@code _single_tensor_adam}).
 *
 * @param stepSize learning rate / (1 - beta1^step)
 * @param first1 1 - beta1
 * @param second1 1 - beta2
 * @param correction sqrt(1 - beta2^step)
 */
record AdamFactors(
        float stepSize,
        float beta1,
        float first1,
        float beta2,
        float second1,
        float correction,
        float epsilon,
        float weightDecay) {
    static AdamFactors of(UpdateKernels.AdamStep step) {
        double count = (double) step.step();
        // StrictMath: Math.pow may differ between JVMs.
        double correction1 = 1 - StrictMath.pow(step.beta1(), count);
        double correction2 = 1 - StrictMath.pow(step.beta2(), count);
        return new AdamFactors(
                (float) (step.learningRate() / correction1),
                (float) step.beta1(),
                (float) (1 - step.beta1()),
                (float) step.beta2(),
                (float) (1 - step.beta2()),
                (float) Math.sqrt(correction2),
                (float) step.epsilon(),
                (float) step.weightDecay());
    }

    float decayed(float gradient, float weight) {
        return weightDecay == 0 ? gradient : Math.fma(weightDecay, weight, gradient);
    }

    /** Whether {@link #first} interpolates from the gradient's side, as {@code torch.lerp} does from weight 0.5. */
    boolean fromGradient() {
        return first1 >= 0.5f;
    }

    /** {@code exp_avg.lerp_(gradient, 1 - beta1)}. */
    float first(float m, float gradient) {
        float difference = gradient - m;
        return fromGradient() ? Math.fma(-beta1, difference, gradient) : Math.fma(first1, difference, m);
    }

    /** {@code exp_avg_sq.mul_(beta2).addcmul_(gradient, gradient, value = 1 - beta2)}. */
    float second(float v, float gradient) {
        return Math.fma(second1 * gradient, gradient, v * beta2);
    }

    /** {@code w.addcdiv_(m, sqrt(v) / correction + epsilon, value = -stepSize)}. */
    float updated(float weight, float m, float v) {
        float denominator = (float) Math.sqrt(v) / correction + epsilon;
        return weight - stepSize * m / denominator;
    }
}
