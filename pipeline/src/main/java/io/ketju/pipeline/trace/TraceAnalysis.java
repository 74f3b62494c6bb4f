package io.ketju.pipeline.trace;

import io.ketju.pipeline.stage.Window;
import io.ketju.pipeline.trace.TraceReport.Wait;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Makes a {@link TraceReport} of what all processes of a run recorded. */
public final class TraceAnalysis {
    /** Training windows that are skipped, at most: code is being compiled, memory is touched for the first time. */
    private static final int WARM_UP = 10;

    /** One of so many at most is skipped. */
    private static final int SKIPPED_PART = 4;

    private final List<ProcessTrace> processes;
    private final TreeSet<Long> steady;
    private final Hops hops;
    private final int skipped;

    private TraceAnalysis(List<ProcessTrace> processes) {
        this.processes = processes;
        TreeSet<Long> training = new TreeSet<>();
        for (ProcessTrace process : processes) {
            process.actions().stream()
                    .filter(action -> action.phase() == Window.Phase.TRAIN)
                    .forEach(action -> training.add(action.window()));
        }
        hops = new Hops(processes);
        skipped = Math.min(WARM_UP, training.size() / SKIPPED_PART);
        steady = new TreeSet<>(training.stream().skip(skipped).toList());
    }

    /**
     * {@return where the time of a run went}
     *
     * @param processes by one clock: {@link ClockOffsets#aligned}
     */
    public static TraceReport report(List<ProcessTrace> processes) {
        return new TraceAnalysis(processes).report();
    }

    private TraceReport report() {
        List<Attribution> ranks = ranks();
        List<Wait> waits = ranks.stream()
                .flatMap(Attribution::waits)
                .sorted(Comparator.comparingLong(Wait::total).reversed())
                .toList();
        return new TraceReport(
                steady.size(),
                skipped,
                processes.stream().mapToLong(ProcessTrace::dropped).sum(),
                ranks.stream().map(Attribution::times).toList(),
                waits,
                hops.all(),
                WindowPace.of(steadyActions()));
    }

    private List<Attribution> ranks() {
        Map<Integer, Attribution> ranks = new TreeMap<>();
        for (ProcessTrace process : processes) {
            Map<TracedTensor, Long> sent = new HashMap<>();
            process.sent().forEach(tensor -> sent.put(tensor.identity(), tensor.at()));
            Map<Integer, TracedAction> last = new HashMap<>();
            for (TracedAction action : process.actions()) {
                TracedAction before = last.put(action.rank(), action);
                if (before != null && steady.contains(action.window())) {
                    ranks.computeIfAbsent(
                                    action.rank(),
                                    rank -> new Attribution(
                                            rank, tensor -> sent.getOrDefault(tensor, Attribution.ELSEWHERE)))
                            .add(before, action);
                    hops.add(before, action);
                }
            }
        }
        return List.copyOf(ranks.values());
    }

    private List<TracedAction> steadyActions() {
        return processes.stream()
                .flatMap(process -> process.actions().stream())
                .filter(action -> steady.contains(action.window()))
                .toList();
    }
}
