package io.ketju.pipeline;

import io.ketju.layers.optimizer.WeightAverage;

/**
 * An average of the weights in a run whose data epochs are known.
 *
 * @param rule what each step makes of the average
 * @param stepsPerEpoch optimizer steps of a data epoch, at least 1
 */
public record Averaging(WeightAverage rule, long stepsPerEpoch) {
    /**
     * Checks the number of steps.
     *
     * @throws IllegalArgumentException if it is below 1
     */
    public Averaging {
        if (stepsPerEpoch < 1) {
            throw new IllegalArgumentException("expected data epochs of at least one step, found " + stepsPerEpoch);
        }
    }

    /**
     * {@return what the weights after a step make of the average: see {@link WeightAverage#share}}
     *
     * @param step counts from 1
     */
    public double share(long step) {
        return rule.share(step, stepsPerEpoch);
    }
}
