package io.ketju.pipeline.stage;

import io.ketju.pipeline.schedule.Action;
import io.ketju.tensor.memory.TensorLease;
import java.util.List;

/**
 * What an action made.
 *
 * @param outputs the activations or gradients for a neighbour, in the order of {@link StagePorts#makes}; they move to the
 *     caller
 */
public record ActionResult(Action action, List<TensorLease> outputs) {
    public ActionResult {
        outputs = List.copyOf(outputs);
    }

    /** The event that tells the machine. */
    public StageEvent.ComputeDone done() {
        return new StageEvent.ComputeDone(action, outputs);
    }
}
