package io.ketju.pipeline.stage;

import io.ketju.pipeline.schedule.Action;
import io.ketju.tensor.memory.TensorLease;
import java.util.List;

/**
 * What an action made.
 *
 * @param action that made it
 * @param outputs the activations or gradients for a neighbour, in the order of {@link StagePorts#makes}; they move to the caller
 * @param sums of N: so many of each parameter that the stage owns and the window updates; none of any other
 */
public record ActionResult(Action action, List<TensorLease> outputs, List<Double> sums) {
    /** Copies the lists. */
    public ActionResult {
        outputs = List.copyOf(outputs);
        sums = List.copyOf(sums);
    }

    /**
     * Of an action that makes no sums.
     *
     * @param action that made it
     * @param outputs for neighbours, in the order of {@link StagePorts#makes}; they move to the caller
     */
    public ActionResult(Action action, List<TensorLease> outputs) {
        this(action, outputs, List.of());
    }

    /** {@return the event that tells the machine; the leases move on with it} */
    public StageEvent.ComputeDone done() {
        return new StageEvent.ComputeDone(action, outputs, sums);
    }
}
