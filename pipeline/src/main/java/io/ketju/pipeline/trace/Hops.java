package io.ketju.pipeline.trace;

import io.ketju.pipeline.trace.TraceReport.Hop;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How long tensors took that went to an idle rank: from being sent until the action was ready that waited for them. */
final class Hops {
    private final Map<TracedTensor, Long> sent = new HashMap<>();
    private final Map<TracedTensor, Durations> ways = new HashMap<>();

    /** @param processes by one clock */
    Hops(List<ProcessTrace> processes) {
        processes.forEach(process -> process.sent().forEach(tensor -> sent.put(tensor.identity(), tensor.at())));
    }

    /** An action and the one that its rank ran before it. */
    void add(TracedAction before, TracedAction action) {
        if (action.cause().tensor().isPresent()) {
            TracedTensor awaited = action.awaited();
            Long at = sent.get(awaited);
            if (at != null && at >= before.heard()) {
                TracedTensor way = new TracedTensor(awaited.kind(), 0, 0, 0, awaited.from(), awaited.to(), 0);
                ways.computeIfAbsent(way, key -> new Durations()).add(action.ready() - at);
            }
        }
    }

    List<Hop> all() {
        List<Hop> hops = new ArrayList<>();
        ways.forEach((way, times) -> hops.add(
                new Hop(way.kind(), way.from(), way.to(), times.count(), times.median(), times.quantile(0.99))));
        hops.sort(Comparator.comparing(Hop::kind).thenComparingInt(Hop::from).thenComparingInt(Hop::to));
        return hops;
    }
}
