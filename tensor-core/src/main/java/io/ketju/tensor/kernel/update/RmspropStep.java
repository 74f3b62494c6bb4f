package io.ketju.tensor.kernel.update;

/**
 * torch.optim.RMSprop; centered and with momentum if the kernel is given their state.
 *
 * @param learningRate what multiplies the direction
 * @param alpha decay of the mean of squares, and of that of gradients
 * @param epsilon added to the root
 * @param weightDecay what multiplies w where it is added to the gradient
 * @param momentum decay of the momentum buffer; without effect where there is none
 * @param maximize whether the gradient is followed upwards
 */
public record RmspropStep(
        double learningRate, double alpha, double epsilon, double weightDecay, double momentum, boolean maximize) {}
