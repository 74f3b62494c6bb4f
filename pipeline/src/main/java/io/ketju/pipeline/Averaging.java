package io.ketju.pipeline;

import io.ketju.layers.optimizer.WeightAverage;

/**
 * An average of the weights in a run whose data epochs are known.
 *
 * @param stepsPerEpoch optimizer steps of a data epoch, at least 1
 */
public record Averaging(WeightAverage rule, long stepsPerEpoch) {
    public Averaging {
        if (stepsPerEpoch < 1) {
            throw new IllegalArgumentException("expected data epochs of at least one step, found " + stepsPerEpoch);
        }
    }

    /** What the weights after this step make of the average: see {@link WeightAverage#share}. */
    public double share(long step) {
        return rule.share(step, stepsPerEpoch);
    }
}
