package io.ketju.tensor.kernel.update;

/**
 * torch.optim.Adam; with decoupled weight decay torch.optim.AdamW.
 *
 * @param learningRate what multiplies the direction
 * @param beta1 decay of the mean of gradients
 * @param beta2 decay of the mean of their squares
 * @param epsilon added to the root of these
 * @param options weight decay and sign of the gradient
 * @param step number of this step, from 1
 */
public record AdamStep(
        double learningRate, double beta1, double beta2, double epsilon, GradientOptions options, long step) {
    /**
     * Adam that minimizes.
     *
     * @param learningRate what multiplies the direction
     * @param beta1 decay of the mean of gradients
     * @param beta2 decay of the mean of their squares
     * @param epsilon added to the root of these
     * @param weightDecay what multiplies w where it is added to the gradient
     * @param step number of this step, from 1
     */
    public AdamStep(double learningRate, double beta1, double beta2, double epsilon, double weightDecay, long step) {
        this(learningRate, beta1, beta2, epsilon, new GradientOptions(weightDecay, false, false), step);
    }
}
