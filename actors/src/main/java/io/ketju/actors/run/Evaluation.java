package io.ketju.actors.run;

import io.ketju.actors.job.Measured;

/**
 * How well a model does on some samples.
 *
 * @param metrics mean loss and metrics over the samples
 */
public record Evaluation(Measured metrics, long samples) {
    /** Mean loss over the samples. */
    public double loss() {
        return metrics.loss();
    }
}
