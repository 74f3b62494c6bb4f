package io.ketju.actors.run;

import io.ketju.actors.job.Measured;

/**
 * How well a model does on some samples.
 *
 * @param metrics mean loss and metrics over the samples
 * @param samples how many there are
 */
public record Evaluation(Measured metrics, long samples) {
    /** {@return mean loss over the samples; of several heads their weighted sum} */
    public double loss() {
        return metrics.loss();
    }
}
