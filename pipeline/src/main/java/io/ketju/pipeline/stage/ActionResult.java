package io.ketju.pipeline.stage;

import io.ketju.pipeline.schedule.Action;
import io.ketju.tensor.memory.TensorLease;
import org.jspecify.annotations.Nullable;

/**
 * What an action made.
 *
 * @param output the activation or gradient for a neighbour, which moves to the caller; null if there is none
 */
public record ActionResult(Action action, @Nullable TensorLease output) {
    /** The event that tells the machine. */
    public StageEvent.ComputeDone done() {
        return new StageEvent.ComputeDone(action, output);
    }
}
