package io.ketju.actors.coordinator;

import io.ketju.actors.message.PlannedWindow;
import io.ketju.pipeline.stage.Window;
import io.ketju.pipeline.stage.WindowMetrics;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Which granted windows which stages have finished. Windows finish in the order in which they were granted. */
final class WindowLedger {
    private static final class Entry {
        private final PlannedWindow window;
        private final BitSet finished = new BitSet();
        private final SortedMap<Integer, WindowMetrics> metrics = new TreeMap<>();
        private long busyNanos;

        private Entry(PlannedWindow window) {
            this.window = window;
        }
    }

    /**
     * A window that all stages have finished.
     *
     * @param window as it was granted, but ending nothing where its step goes on
     * @param metrics of a step that searches those of its first window alone count
     */
    record Finished(PlannedWindow window, WindowMetrics metrics, long busyNanos) {}

    private final int stages;
    private final boolean searches;
    private final Deque<Entry> open = new ArrayDeque<>();
    private long completedSteps;
    /** Whether the window granted last ended its step, and overlaps with no later one. */
    private boolean rests = true;
    /** Whether the window finished last is of a step that went on. */
    private boolean stepUnderWay;

    /**
     * @param searches whether the metrics of training windows say if their step goes on
     */
    WindowLedger(int stages, boolean searches, long completedSteps) {
        this.stages = stages;
        this.searches = searches;
        this.completedSteps = completedSteps;
    }

    void granted(PlannedWindow window) {
        open.addLast(new Entry(window));
        rests = window.endsStep() && window.drains() && !(searches && window.trains());
    }

    int size() {
        return open.size();
    }

    /** Whether every step and every stretch that was begun has been granted whole, so that no more need be. */
    boolean atRest() {
        return rests;
    }

    /** Whether the window granted last is followed by a checkpoint, so that none may be granted before it is done. */
    boolean awaitsCheckpoint() {
        Entry last = open.peekLast();
        return last != null && last.window.checkpoint();
    }

    long completedSteps() {
        return completedSteps;
    }

    /** A window that is granted and not yet finished. */
    Optional<PlannedWindow> open(long number) {
        return entry(number).map(entry -> entry.window);
    }

    private Optional<Entry> entry(long number) {
        return open.stream().filter(entry -> entry.window.number() == number).findFirst();
    }

    /** Notes one stage's report, once; returns the oldest window if this was the last report it waited for. */
    Optional<Finished> finished(CoordinatorEvent.WindowFinished report) {
        Entry entry = entry(report.window()).orElse(null);
        if (entry == null || entry.finished.get(report.stage())) {
            return Optional.empty();
        }
        entry.finished.set(report.stage());
        entry.busyNanos += report.busyNanos();
        report.metrics().ifPresent(metrics -> entry.metrics.put(report.stage(), metrics));
        if (entry.finished.cardinality() < stages || entry != open.peekFirst()) {
            return Optional.empty();
        }
        open.removeFirst();
        if (entry.metrics.isEmpty() && entry.window.phase() != Window.Phase.PREDICT) {
            throw new IllegalStateException(
                    "window " + report.window() + ": all " + stages + " stages finished, but none reported a loss");
        }
        return Optional.of(finished(entry));
    }

    private Finished finished(Entry entry) {
        WindowMetrics metrics = WindowMetrics.of(entry.metrics.values());
        boolean goesOn = metrics.steps().goesOn();
        PlannedWindow window = goesOn ? entry.window.goingOn() : entry.window;
        if (window.endsStep()) {
            completedSteps = window.step();
            rests |= searches && window.trains();
        }
        WindowMetrics counted = stepUnderWay ? metrics.repeated() : metrics;
        stepUnderWay = goesOn;
        return new Finished(window, counted, entry.busyNanos);
    }

    /** The stages that have finished a window which others have not. */
    List<Integer> finishedStages(long window) {
        return entry(window).stream()
                .flatMap(entry -> entry.finished.stream().boxed())
                .toList();
    }

    /** The oldest unfinished window and the stages that it waits for; empty text if there is none. */
    String describe() {
        Entry first = open.peekFirst();
        if (first == null) {
            return "";
        }
        BitSet missing = new BitSet();
        missing.set(0, stages);
        missing.andNot(first.finished);
        String which = missing.stream().mapToObj(Integer::toString).collect(Collectors.joining(", "));
        return "step " + first.window.step() + " waits for stage " + which;
    }
}
