package io.ketju.tensor.kernel;

/**
 * The single-precision constants of one SGD update, and its formulas in the scalar form (torch/optim/sgd.py,
 * {@code _single_tensor_sgd}).
 *
 * @param dampened 1 - dampening, computed in double as PyTorch does
 * @param first whether the momentum buffer starts as the gradient
 */
record SgdFactors(
        float learningRate, float momentum, float dampened, float weightDecay, boolean nesterov, boolean first) {
    static SgdFactors of(UpdateKernels.SgdStep step) {
        return new SgdFactors(
                (float) step.learningRate(),
                (float) step.momentum(),
                (float) (1 - step.dampening()),
                (float) step.weightDecay(),
                step.nesterov(),
                step.first());
    }

    float decayed(float gradient, float weight) {
        return weightDecay == 0 ? gradient : Math.fma(weightDecay, weight, gradient);
    }

    /** {@code buffer.mul_(momentum).add_(gradient, alpha = 1 - dampening)}, or the gradient in the first step. */
    float velocity(float buffer, float gradient) {
        return first ? gradient : Math.fma(dampened, gradient, buffer * momentum);
    }
}
