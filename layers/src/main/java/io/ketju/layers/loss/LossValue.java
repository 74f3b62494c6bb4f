package io.ketju.layers.loss;

/**
 * The loss of one micro-batch.
 *
 * @param lossSum sum of the samples' losses, not divided, added in sample order in double precision
 * @param correct samples whose largest output is at their target; 0 for losses that do not count them
 * @param samples samples that counted
 */
public record LossValue(double lossSum, long correct, long samples) {}
