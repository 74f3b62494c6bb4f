package io.ketju.tensor.kernel.update;

/**
 * LAMB (You et al., "Large batch optimization for deep learning", 2020, algorithm 2).
 *
 * @param beta1 decay of the mean of gradients
 * @param beta2 decay of the mean of their squares
 * @param epsilon added to the root of these
 * @param weightDecay what multiplies w where it is added to the direction
 * @param step number of this step, from 1
 * @param maximize whether the gradient is followed upwards
 */
public record LambStep(double beta1, double beta2, double epsilon, double weightDecay, long step, boolean maximize) {}
