package io.ketju.tensor.kernel.update;

/**
 * Where Adam leads, if the direction of its last update stays.
 *
 * @param distance the sum of the coming learning rates
 * @param keep what decoupled weight decay leaves of the weights meanwhile, else 1
 * @param beta1 decay of the mean of gradients
 * @param beta2 decay of the mean of their squares
 * @param epsilon added to the root of these
 * @param step updates that the averages have been through, at least 1
 */
public record AdamCourse(double distance, double keep, double beta1, double beta2, double epsilon, long step) {}
