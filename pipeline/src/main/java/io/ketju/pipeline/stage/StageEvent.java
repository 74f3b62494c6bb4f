package io.ketju.pipeline.stage;

import io.ketju.pipeline.schedule.Action;
import io.ketju.tensor.memory.TensorLease;
import java.util.List;

/** What happens to a rank. */
public sealed interface StageEvent {
    /**
     * The next mini-batch may start; windows arrive in order and may be granted ahead.
     *
     * @param window the next, by its number
     */
    record WindowGranted(Window window) implements StageEvent {}

    /**
     * A tensor came in, in any order, possibly twice or too late.
     *
     * @param stage that it is for
     * @param key which tensor it is
     * @param lease moves to the machine
     */
    record TensorArrived(int stage, TensorKey key, TensorLease lease) implements StageEvent {}

    /**
     * The outstanding compute ended.
     *
     * @param action that was run
     * @param outputs what it made, in the order of {@link StagePorts#makes}; the leases move in
     * @param sums that it made; none of any action but N
     */
    record ComputeDone(Action action, List<TensorLease> outputs, List<Double> sums) implements StageEvent {
        /**
         * Of an action that made no sums.
         *
         * @param action that was run
         * @param outputs what it made, in the order of {@link StagePorts#makes}
         */
        public ComputeDone(Action action, List<TensorLease> outputs) {
            this(action, outputs, List.of());
        }
    }

    /**
     * The sums of all stages were added up; it comes when all of the rank's have been reported.
     *
     * @param window its number
     * @param sums over the whole model
     */
    record SumsAgreed(long window, List<Double> sums) implements StageEvent {}

    /**
     * The buffers of one bundle of a stage's activations came back ({@link StageCompute#onOutputReleased}): one more may be made.
     * Evaluating stages have no backward that would hold them back, so this does.
     *
     * @param stage that made them
     */
    record OutputReleased(int stage) implements StageEvent {}

    /**
     * A stage met something that ends the run, in what it computed last: it does nothing more. The rank goes on with its other stages as
     * far as they come without it, as other ranks do: they may have met something too.
     *
     * @param stage that stops
     * @param reason for the log
     */
    record StageStopped(int stage, String reason) implements StageEvent {}

    /**
     * The buffers of one bundle of the model's outputs came back ({@link StageCompute#onPredictionReleased}): one more may be made.
     *
     * @param stage that made them
     */
    record PredictionReleased(int stage) implements StageEvent {}

    /**
     * The incarnation ends: give everything back, do nothing more.
     *
     * @param reason for the log
     */
    record Aborted(String reason) implements StageEvent {}
}
