package io.ketju.pipeline.stage;

/**
 * Which tensor this is. Receivers drop stale incarnations and duplicates by this key before any effect.
 *
 * @param incarnation the fencing number of the run's current start
 * @param window {@link Window#number}
 * @param kind what travels
 * @param microbatch index within the window
 * @param edge index among the edges that cross the same cut; 0 in a chain of layers
 */
public record TensorKey(int incarnation, long window, Kind kind, int microbatch, int edge) {
    /** What a tensor is to its receiver. */
    public enum Kind {
        /** Samples for the first stage. */
        INPUT,
        /** Targets for the last stage. */
        TARGET,
        /** Output of the previous stage. */
        ACTIVATION,
        /** Gradient of this stage's output, from the next stage. */
        GRADIENT
    }
}
