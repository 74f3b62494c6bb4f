package io.ketju.pipeline.stage;

import io.ketju.pipeline.schedule.Action;
import io.ketju.tensor.memory.TensorLease;
import java.util.List;

/** What happens to a stage. */
public sealed interface StageEvent {
    /** The next mini-batch may start; windows arrive in order and may be granted ahead. */
    record WindowGranted(Window window) implements StageEvent {}

    /** A tensor came in, in any order, possibly twice or too late. The lease moves to the machine. */
    record TensorArrived(TensorKey key, TensorLease lease) implements StageEvent {}

    /** The outstanding compute ended. The leases of what it made, in the order of {@link StagePorts#makes}, move in. */
    record ComputeDone(Action action, List<TensorLease> outputs) implements StageEvent {}

    /**
     * The buffers of one bundle of this stage's activations came back ({@link StageCompute#onOutputReleased}): one more
     * may be made. Evaluating stages have no backward that would hold them back, so this does.
     */
    record OutputReleased() implements StageEvent {}

    /**
     * The buffers of one bundle of the model's outputs came back ({@link StageCompute#onPredictionReleased}): one more may
     * be made.
     */
    record PredictionReleased() implements StageEvent {}

    /** The incarnation ends: give everything back, do nothing more. */
    record Aborted(String reason) implements StageEvent {}
}
