package io.ketju.pipeline.stage;

import io.ketju.pipeline.schedule.Action;
import io.ketju.tensor.memory.TensorLease;
import java.util.List;

/** What a rank wants done. Effects of one event are performed in order. */
public sealed interface StageEffect {
    /**
     * Run one action; answer with {@link StageEvent.ComputeDone}. At most one is outstanding. The arrived leases move
     * to the compute, in the order of {@link StagePorts#needs}.
     */
    record RunCompute(Window window, Action action, List<TensorLease> arrived) implements StageEffect {}

    /**
     * Send what a stage made to {@link StagePorts#receiver}: a stage, which may be of the same rank, or whoever gave the
     * batch. The lease moves out.
     */
    record SendTensor(int from, TensorKey key, TensorLease lease) implements StageEffect {}

    /** All of one stage's actions of the window are done. */
    record FinishWindow(int stage, Window window) implements StageEffect {}

    /** Close this lease: it was stale, a duplicate or is no longer wanted. */
    record Discard(TensorLease lease, String reason) implements StageEffect {}
}
