package io.ketju.pipeline.stage;

import io.ketju.pipeline.schedule.Action;
import io.ketju.tensor.memory.TensorLease;
import java.util.List;

/** What a stage wants done. Effects of one event are performed in order. */
public sealed interface StageEffect {
    /**
     * Run one action; answer with {@link StageEvent.ComputeDone}. At most one is outstanding. The arrived leases move
     * to the compute, in the order of {@link StagePorts#needs}.
     */
    record RunCompute(Window window, Action action, List<TensorLease> arrived) implements StageEffect {}

    /** Send to where {@link StagePorts#receiver} says: another stage, or whoever gave the batch. The lease moves out. */
    record SendTensor(TensorKey key, TensorLease lease) implements StageEffect {}

    /** All actions of the window are done. */
    record FinishWindow(Window window) implements StageEffect {}

    /** Close this lease: it was stale, a duplicate or is no longer wanted. */
    record Discard(TensorLease lease, String reason) implements StageEffect {}
}
