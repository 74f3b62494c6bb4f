package io.ketju.tensor.kernel.update;

/**
 * Lion (Chen et al., "Symbolic discovery of optimization algorithms", 2023, algorithm 2).
 *
 * @param learningRate by how much every element moves
 * @param beta1 share of the mean in the direction
 * @param beta2 decay of the mean
 * @param weightDecay decoupled: w shrinks by the learning rate times it
 * @param maximize whether the gradient is followed upwards
 */
public record LionStep(double learningRate, double beta1, double beta2, double weightDecay, boolean maximize) {}
