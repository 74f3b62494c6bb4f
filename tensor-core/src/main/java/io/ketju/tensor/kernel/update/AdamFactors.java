package io.ketju.tensor.kernel.update;

import io.ketju.tensor.kernel.update.UpdateKernels.GradientOptions;

/**
 * The single-precision constants of one Adam update, computed in double as PyTorch does (torch/optim/adam.py,
 * {@code _single_tensor_adam}).
 *
 * @param keep what decoupled weight decay leaves of the weight, else 1
 * @param stepSize learning rate / (1 - beta1^step)
 * @param correction sqrt(1 - beta2^step)
 */
record AdamFactors(
        Gradient gradient, float keep, Average first, Average second, float stepSize, float correction, float epsilon) {
    static AdamFactors of(UpdateKernels.AdamStep step) {
        return new AdamFactors(
                Gradient.of(step.options()),
                keep(step.options(), step.learningRate()),
                Average.of(step.beta1()),
                Average.of(step.beta2()),
                (float) (step.learningRate() / correction(step.beta1(), step.step())),
                (float) Math.sqrt(correction(step.beta2(), step.step())),
                (float) step.epsilon());
    }

    /** 1 - beta^step. */
    static double correction(double beta, long step) {
        // StrictMath: Math.pow may differ between JVMs.
        return 1 - StrictMath.pow(beta, (double) step);
    }

    static float keep(GradientOptions options, double learningRate) {
        return options.decoupledWeightDecay() ? (float) (1 - learningRate * options.weightDecay()) : 1;
    }

    /** {@code w.addcdiv_(m, sqrt(v) / correction + epsilon, value = -stepSize)}. */
    float updated(float weight, float m, float v) {
        float denominator = (float) Math.sqrt(v) / correction + epsilon;
        return weight - stepSize * m / denominator;
    }
}
