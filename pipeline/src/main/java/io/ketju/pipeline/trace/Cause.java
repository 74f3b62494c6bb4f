package io.ketju.pipeline.trace;

import io.ketju.pipeline.stage.TensorKey;
import java.util.Optional;

/**
 * What an action had to wait for last: with that it was ready.
 *
 * @param reason kind of what it was
 * @param from the stage whose tensor it was, or {@link io.ketju.pipeline.stage.StagePorts#FEEDER}; {@link #NOBODY} where it was no tensor
 * @param edge the tensor's, as in {@link TensorKey}; 0 where it was none
 */
public record Cause(Reason reason, int from, int edge) {
    /** In the place of a stage where no tensor was awaited. */
    public static final int NOBODY = -2;

    /** Kinds of such things. */
    public enum Reason {
        /** The rank's own action before it: all else was there already. */
        TURN,
        /** The window had to be granted. */
        WINDOW,
        /** The sums over the whole model had to be agreed on. */
        SUMS,
        /** The buffers of what it makes had to come back. */
        BUFFER,
        /**
         * Something of the batch had to come, an input of the model or a target. This and what follows are the kinds of
         * {@link TensorKey.Kind}.
         */
        FED,
        /** A value from the previous stage. */
        ACTIVATION,
        /** A gradient from the next stage. */
        GRADIENT,
        /** The value of a shared parameter from its owner. */
        TIED_WEIGHT,
        /** The gradient of a shared parameter, at its owner. */
        TIED_GRADIENT,
        /** Sums of gradients from the replica before. */
        GROUP_SUM,
        /** The gradient of a parameter whose optimizer state is here. */
        SHARE_GRADIENT,
        /** The value of a parameter from a replica that updates it. */
        REPLICA_WEIGHT
    }

    /**
     * {@return a cause that is no tensor}
     *
     * @param reason one of those that are none
     */
    public static Cause of(Reason reason) {
        return new Cause(reason, NOBODY, 0);
    }

    /** {@return what the tensor was, if it was one} */
    public Optional<TensorKey.Kind> tensor() {
        return switch (reason) {
            case TURN, WINDOW, SUMS, BUFFER -> Optional.empty();
            case FED, ACTIVATION, GRADIENT, TIED_WEIGHT, TIED_GRADIENT, GROUP_SUM, SHARE_GRADIENT, REPLICA_WEIGHT ->
                Optional.of(TensorKey.Kind.valueOf(reason.name()));
        };
    }
}
