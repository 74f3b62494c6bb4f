package io.ketju.pipeline.program;

import io.ketju.layers.model.Value;
import org.jspecify.annotations.Nullable;

/**
 * One tensor in the slot of a micro-batch.
 *
 * @param purpose what it is
 * @param value what it is the value or the gradient of; null for all other purposes
 * @param step index of the step that makes it
 * @param index which of the step's tensors of this purpose
 */
public record Room(Purpose purpose, @Nullable Value value, int step, int index) {
    /** What a tensor in a slot is. */
    public enum Purpose {
        /** An output of a layer. */
        VALUE,
        /** The gradient of a value. */
        GRADIENT,
        /** A part of a gradient, until it is added. */
        PART,
        /** What a layer's forward leaves for its backward. */
        KEPT,
        /** What a layer's forward works in. */
        FORWARD_WORKSPACE,
        /** What a layer's backward passes work in, the second on what the first left. */
        BACKWARD_WORKSPACE,
        /** What a loss, or a metric beside it, needs for itself. */
        LOSS_ROOM,
        /** What a loss gives to the gradient of an input, until its turn comes. */
        LOSS_GRADIENT
    }
}
