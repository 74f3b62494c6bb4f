package io.ketju.pipeline.stage;

/**
 * Which tensor this is. Receivers drop stale incarnations and duplicates by this key before any effect.
 *
 * @param incarnation the fencing number of the run's current start
 * @param window {@link Window#number}
 * @param kind what travels
 * @param microbatch index within the window; 0 of what belongs to the whole window
 * @param edge which of those that cross: a position in {@link io.ketju.pipeline.partition.Cut#edges}; of what the batch
 *     gives, a position in {@link io.ketju.pipeline.program.BatchPorts}; of what is tied, one in
 *     {@link io.ketju.pipeline.partition.Ties#uses}; between replicas, one in {@link ReplicaPorts}; of outputs, one in {@link io.ketju.layers.model.Model#outputs}
 */
public record TensorKey(int incarnation, long window, Kind kind, int microbatch, int edge) {
    /** What a tensor is to its receiver. */
    public enum Kind {
        /** Something of the batch: an input of the model, or a target. */
        FED,
        /** A value that an earlier stage made, from the previous stage. */
        ACTIVATION,
        /** The gradient of such a value, from the next stage. */
        GRADIENT,
        /** The value of a parameter after its owner's step, for a stage that mirrors it. */
        TIED_WEIGHT,
        /** The gradient of one use of a parameter, for the stage that owns it. */
        TIED_GRADIENT,
        /** What the gradient groups of replicas have come to, for the replica whose groups are next. */
        GROUP_SUM,
        /** The gradient that a parameter's optimizer takes, for the replica that has its state. */
        SHARE_GRADIENT,
        /** The value of a parameter after a step, for a replica of the stage that made it. */
        REPLICA_WEIGHT,
        /** An output of the model, for whoever gave the batch. */
        OUTPUT;

        /** Whether there is one for each micro-batch; otherwise one for the whole window. */
        boolean ofMicrobatch() {
            return switch (this) {
                case FED, ACTIVATION, GRADIENT, OUTPUT -> true;
                case TIED_WEIGHT, TIED_GRADIENT, GROUP_SUM, SHARE_GRADIENT, REPLICA_WEIGHT -> false;
            };
        }
    }
}
