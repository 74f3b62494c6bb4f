package io.ketju.tensor.kernel.update;

/**
 * torch.optim.Adagrad.
 *
 * @param learningRate what multiplies the direction in the first step
 * @param lrDecay what the rate's divisor grows by with each step
 * @param weightDecay what multiplies w where it is added to the gradient
 * @param epsilon added to the root of the sum of squares
 * @param step number of this step, from 1
 * @param maximize whether the gradient is followed upwards
 */
public record AdagradStep(
        double learningRate, double lrDecay, double weightDecay, double epsilon, long step, boolean maximize) {}
