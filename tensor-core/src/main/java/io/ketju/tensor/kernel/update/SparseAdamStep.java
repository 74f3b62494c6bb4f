package io.ketju.tensor.kernel.update;

/**
 * torch.optim.SparseAdam.
 *
 * @param learningRate what multiplies the direction
 * @param beta1 decay of the mean of gradients
 * @param beta2 decay of the mean of their squares
 * @param epsilon added to the root of these, before the corrections
 * @param step number of this step, from 1, whichever rows the steps before had
 * @param maximize whether the gradient is followed upwards
 */
public record SparseAdamStep(
        double learningRate, double beta1, double beta2, double epsilon, long step, boolean maximize) {}
