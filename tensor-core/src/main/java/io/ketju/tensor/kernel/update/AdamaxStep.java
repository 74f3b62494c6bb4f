package io.ketju.tensor.kernel.update;

/**
 * torch.optim.Adamax.
 *
 * @param learningRate what multiplies the direction
 * @param beta1 decay of the mean of gradients
 * @param beta2 decay of the largest magnitude
 * @param epsilon added to the magnitude of the gradient
 * @param weightDecay what multiplies w where it is added to the gradient; never decoupled
 * @param step number of this step, from 1
 * @param maximize whether the gradient is followed upwards
 */
public record AdamaxStep(
        double learningRate,
        double beta1,
        double beta2,
        double epsilon,
        double weightDecay,
        long step,
        boolean maximize) {}
