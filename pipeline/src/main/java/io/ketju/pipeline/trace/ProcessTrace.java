package io.ketju.pipeline.trace;

import java.util.List;

/**
 * What the ranks of one process did, by its one clock.
 *
 * @param actions each rank's in their order
 * @param sent by stages of this process
 * @param arrived at stages of this process
 * @param dropped earlier records for which there was no room
 */
public record ProcessTrace(
        List<TracedAction> actions, List<TracedTensor> sent, List<TracedTensor> arrived, long dropped) {
    /** Copies the lists. */
    public ProcessTrace {
        actions = List.copyOf(actions);
        sent = List.copyOf(sent);
        arrived = List.copyOf(arrived);
    }

    /**
     * {@return several parts as one, in their order}
     *
     * @param parts by the same clock
     */
    public static ProcessTrace together(List<ProcessTrace> parts) {
        return new ProcessTrace(
                parts.stream().flatMap(part -> part.actions().stream()).toList(),
                parts.stream().flatMap(part -> part.sent().stream()).toList(),
                parts.stream().flatMap(part -> part.arrived().stream()).toList(),
                parts.stream().mapToLong(ProcessTrace::dropped).sum());
    }

    /** The same by a clock that shows less. */
    ProcessTrace earlier(long nanos) {
        return nanos == 0
                ? this
                : new ProcessTrace(
                        actions.stream().map(action -> action.earlier(nanos)).toList(),
                        sent.stream().map(tensor -> tensor.earlier(nanos)).toList(),
                        arrived.stream().map(tensor -> tensor.earlier(nanos)).toList(),
                        dropped);
    }
}
