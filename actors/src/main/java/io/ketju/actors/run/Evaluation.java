package io.ketju.actors.run;

/**
 * How well a model does on some samples.
 *
 * @param loss mean over the samples
 * @param accuracy share of the samples classified correctly, 0 to 1
 */
public record Evaluation(double loss, double accuracy, long samples) {}
