package io.ketju.pipeline.stage;

/**
 * What a stage finds when it runs one micro-batch's forward once more, with a look at the output of every layer.
 *
 * @param stage that looked, counted over all replicas
 * @param window number of the window
 * @param microbatch index within the window
 * @param outcome how the stage's output is
 * @param layer where it began, as text; empty unless the outcome is {@link Outcome#BEGAN}
 */
public record Inspection(int stage, long window, int microbatch, Outcome outcome, String layer) {
    /** How the stage's output is. */
    public enum Outcome {
        /** All its elements are finite. */
        FINITE,
        /** Some element is not, from a layer of this stage on. */
        BEGAN,
        /** Some element is not, and so is the output of every layer before, and what came in. */
        ARRIVED,
        /** The stage no longer holds the micro-batch. */
        UNKNOWN
    }
}
