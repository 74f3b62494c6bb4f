package io.ketju.pipeline.stage;

import io.ketju.pipeline.schedule.Action;
import io.ketju.tensor.memory.TensorLease;
import java.util.List;

/** What happens to a rank. */
public sealed interface StageEvent {
    /** The next mini-batch may start; windows arrive in order and may be granted ahead. */
    record WindowGranted(Window window) implements StageEvent {}

    /** A tensor came in for a stage, in any order, possibly twice or too late. The lease moves to the machine. */
    record TensorArrived(int stage, TensorKey key, TensorLease lease) implements StageEvent {}

    /**
     * The outstanding compute ended. The leases of what it made, in the order of {@link StagePorts#makes}, move in.
     *
     * @param sums that it made; none of any action but N
     */
    record ComputeDone(Action action, List<TensorLease> outputs, List<Double> sums) implements StageEvent {
        /** Of an action that made no sums. */
        public ComputeDone(Action action, List<TensorLease> outputs) {
            this(action, outputs, List.of());
        }
    }

    /** The sums of all stages were added up; it comes when all of the rank's have been reported. */
    record SumsAgreed(long window, List<Double> sums) implements StageEvent {}

    /**
     * The buffers of one bundle of a stage's activations came back ({@link StageCompute#onOutputReleased}): one more
     * may be made. Evaluating stages have no backward that would hold them back, so this does.
     */
    record OutputReleased(int stage) implements StageEvent {}

    /**
     * A stage met something that ends the run, in what it computed last: it does nothing more. The rank goes on with its
     * other stages as far as they come without it, as other ranks do: they may have met something too.
     */
    record StageStopped(int stage, String reason) implements StageEvent {}

    /**
     * The buffers of one bundle of the model's outputs came back to a stage ({@link StageCompute#onPredictionReleased}):
     * one more may be made.
     */
    record PredictionReleased(int stage) implements StageEvent {}

    /** The incarnation ends: give everything back, do nothing more. */
    record Aborted(String reason) implements StageEvent {}
}
