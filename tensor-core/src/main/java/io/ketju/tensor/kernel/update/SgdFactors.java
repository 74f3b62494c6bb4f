package io.ketju.tensor.kernel.update;

/**
 * The single-precision constants of one SGD update, and its formulas in the scalar form (torch/optim/sgd.py,
 * {@code _single_tensor_sgd}).
 *
 * @param dampened 1 - dampening, computed in double as PyTorch does
 * @param first whether the momentum buffer starts as the gradient
 */
record SgdFactors(
        Gradient gradient, float learningRate, float momentum, float dampened, boolean nesterov, boolean first) {
    static SgdFactors of(UpdateKernels.SgdStep step) {
        return new SgdFactors(
                Gradient.of(step.maximize(), step.weightDecay()),
                (float) step.learningRate(),
                (float) step.momentum(),
                (float) (1 - step.dampening()),
                step.nesterov(),
                step.first());
    }

    /** {@code buffer.mul_(momentum).add_(gradient, alpha = 1 - dampening)}, or the gradient in the first step. */
    float velocity(float buffer, float gradient) {
        return first ? gradient : Math.fma(dampened, gradient, buffer * momentum);
    }

    float direction(float velocity, float gradient) {
        return nesterov ? Math.fma(momentum, velocity, gradient) : velocity;
    }
}
