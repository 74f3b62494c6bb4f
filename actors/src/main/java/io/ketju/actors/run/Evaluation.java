package io.ketju.actors.run;

import java.util.OptionalDouble;

/**
 * How well a model does on some samples.
 *
 * @param loss mean over the samples
 * @param accuracy share of the samples classified correctly, 0 to 1; empty for a loss without classes
 */
public record Evaluation(double loss, OptionalDouble accuracy, long samples) {}
