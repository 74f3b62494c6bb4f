package io.ketju.actors.job;

import io.ketju.pipeline.trace.ClockOffsets;
import io.ketju.pipeline.trace.ProcessTrace;
import io.ketju.pipeline.trace.RankLoad;
import java.util.List;

/**
 * What all ranks of a run did in one training window, or in two that follow each other.
 *
 * @param ranks of the run, those included that had nothing to do
 * @param processes of each worker, in the order of the run's workers: actions of its ranks, and the newest of the tensors that they
 *     sent and got, by the worker's own clock; {@link ProcessTrace#dropped} counts actions that were too many to be told
 * @param loads of each rank: what its stages hold of memory at the end, and what they sent to others from shortly before the first window
 *     on
 */
public record TimelineSample(int ranks, List<ProcessTrace> processes, List<RankLoad> loads) {
    /** Copies the lists. */
    public TimelineSample {
        processes = List.copyOf(processes);
        loads = List.copyOf(loads);
    }

    /** {@return the processes by one clock, as well as it can be known: see {@link ClockOffsets}} */
    public List<ProcessTrace> byOneClock() {
        return ClockOffsets.aligned(processes);
    }
}
