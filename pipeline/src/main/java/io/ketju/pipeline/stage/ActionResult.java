package io.ketju.pipeline.stage;

import io.ketju.pipeline.schedule.Action;
import io.ketju.tensor.memory.TensorLease;
import java.util.List;

/**
 * What an action made.
 *
 * @param outputs the activations or gradients for a neighbour, in the order of {@link StagePorts#makes}; they move to the
 *     caller
 * @param sums of N: so many of each parameter that the stage owns and the window updates; none of any other
 */
public record ActionResult(Action action, List<TensorLease> outputs, List<Double> sums) {
    public ActionResult {
        outputs = List.copyOf(outputs);
        sums = List.copyOf(sums);
    }

    /** Of an action that makes no sums. */
    public ActionResult(Action action, List<TensorLease> outputs) {
        this(action, outputs, List.of());
    }

    /** The event that tells the machine. */
    public StageEvent.ComputeDone done() {
        return new StageEvent.ComputeDone(action, outputs, sums);
    }
}
