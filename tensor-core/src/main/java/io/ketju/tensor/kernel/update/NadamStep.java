package io.ketju.tensor.kernel.update;

/**
 * torch.optim.NAdam.
 *
 * @param learningRate what multiplies the direction
 * @param beta1 decay of the mean of gradients, and the momentum that {@link #mu} grows to
 * @param beta2 decay of the mean of their squares
 * @param epsilon added to the root of these
 * @param momentumDecay how fast the momentum grows to beta1
 * @param muProduct the product of {@link #mu} over the steps before this one, 1 in the first
 * @param options weight decay and sign of the gradient
 * @param step number of this step, from 1
 */
public record NadamStep(
        double learningRate,
        double beta1,
        double beta2,
        double epsilon,
        double momentumDecay,
        double muProduct,
        GradientOptions options,
        long step) {
    /** {@return the momentum of this step, {@code beta1 (1 - 0.96^(step momentumDecay) / 2)}} */
    public double mu() {
        return mu(step);
    }

    double mu(long count) {
        return beta1 * (1 - 0.5 * StrictMath.pow(0.96, count * momentumDecay));
    }
}
