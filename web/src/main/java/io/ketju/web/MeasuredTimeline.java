package io.ketju.web;

import io.ketju.actors.job.TimelineSample;
import io.ketju.pipeline.trace.ProcessTrace;
import io.ketju.pipeline.trace.TracedAction;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What ranks did, as the page draws it.
 *
 * @param ranks a row of actions for each, by one clock
 * @param processes that they are in
 * @param dropped actions that there was no room for
 */
record MeasuredTimeline(List<List<TracedAction>> ranks, int processes, long dropped) {
    static MeasuredTimeline of(TimelineSample sample) {
        List<TracedAction> actions = sample.byOneClock().stream()
                .flatMap(process -> process.actions().stream())
                .toList();
        List<List<TracedAction>> ranks = IntStream.range(0, sample.ranks())
                .mapToObj(rank ->
                        actions.stream().filter(action -> action.rank() == rank).toList())
                .toList();
        return new MeasuredTimeline(
                ranks,
                sample.processes().size(),
                sample.processes().stream().mapToLong(ProcessTrace::dropped).sum());
    }
}
