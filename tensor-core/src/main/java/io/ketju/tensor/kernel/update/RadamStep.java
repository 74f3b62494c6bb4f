package io.ketju.tensor.kernel.update;

/**
 * torch.optim.RAdam.
 *
 * @param learningRate what multiplies the direction
 * @param beta1 decay of the mean of gradients
 * @param beta2 decay of the mean of their squares
 * @param epsilon added to the root of these
 * @param options weight decay and sign of the gradient
 * @param step number of this step, from 1
 */
public record RadamStep(
        double learningRate, double beta1, double beta2, double epsilon, GradientOptions options, long step) {}
