package io.ketju.pipeline.stage;

import io.ketju.pipeline.schedule.Action;
import io.ketju.tensor.memory.TensorLease;
import java.util.List;

/** What a rank wants done. Effects of one event are performed in order. */
public sealed interface StageEffect {
    /**
     * Run one action; answer with {@link StageEvent.ComputeDone}. At most one is outstanding.
     *
     * @param window that it is of
     * @param action of one of the rank's stages
     * @param arrived what it needs, in the order of {@link StagePorts#needs}; the leases move to the compute
     * @param sums over the whole model, for a step that waits for them; none for others
     */
    record RunCompute(Window window, Action action, List<TensorLease> arrived, List<Double> sums)
            implements StageEffect {
        /**
         * Of an action that waits for no sums.
         *
         * @param window that it is of
         * @param action of one of the rank's stages
         * @param arrived what it needs, in the order of {@link StagePorts#needs}
         */
        public RunCompute(Window window, Action action, List<TensorLease> arrived) {
            this(window, action, arrived, List.of());
        }
    }

    /**
     * Send what a stage made to {@link StagePorts#receiver}: a stage, which may be of the same rank, or whoever gave the batch.
     *
     * @param from the stage that made it
     * @param to {@link StagePorts#receiver}
     * @param key which tensor, by its kind for the receiver
     * @param lease moves out
     */
    record SendTensor(int from, int to, TensorKey key, TensorLease lease) implements StageEffect {}

    /**
     * Have a stage's sums added up with those of the others, in the order of the stages; answer with {@link StageEvent.SumsAgreed}.
     *
     * @param stage that made them
     * @param window that they are of
     * @param sums so many of each parameter that the stage owns and the window updates, in their order
     */
    record ReportSums(int stage, Window window, List<Double> sums) implements StageEffect {}

    /**
     * All of one stage's actions of the window are done.
     *
     * @param stage that is done
     * @param window that it is done with
     */
    record FinishWindow(int stage, Window window) implements StageEffect {}

    /**
     * Close a lease: it was stale, a duplicate or is no longer wanted.
     *
     * @param lease to be closed
     * @param reason for the log
     */
    record Discard(TensorLease lease, String reason) implements StageEffect {}
}
