package io.ketju.actors.coordinator;

import io.ketju.actors.job.TimelineSample;
import io.ketju.actors.job.TimelineWatcher;
import io.ketju.actors.message.Assignment;
import io.ketju.actors.message.CoordinatorCommand.WindowWatched;
import io.ketju.actors.message.PlannedWindow;
import io.ketju.pipeline.stage.StageMachine;
import io.ketju.pipeline.trace.ProcessTrace;
import io.ketju.pipeline.trace.RankLoad;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * Which windows of a start ranks tell of, for those who watch the run: a sample of two that follow each other, now and then, one sample
 * at a time, and none while nobody looks. It is the coordinator's: what ranks tell comes to one place, whole or not at all.
 */
final class WatchedWindows {
    /** From the beginning of one sample to that of the next, at least. */
    static final Duration PACE = Duration.ofMillis(500);

    private final List<TimelineWatcher> watchers;
    private final Assignment assignment;
    private final LongSupplier nanoTime;
    /** Windows of the sample that is under way, with what each rank did; empty: none is. */
    private final SortedMap<Long, Map<Integer, WindowWatched>> sample = new TreeMap<>();
    /** Whether the next window is part of it too, if it trains. */
    private boolean growing;

    private boolean sampled;
    private long sampledAt;

    /** @param nanoTime a clock that never goes back, in nanoseconds */
    WatchedWindows(List<TimelineWatcher> watchers, Assignment assignment, LongSupplier nanoTime) {
        this.watchers = List.copyOf(watchers);
        this.assignment = assignment;
        this.nanoTime = nanoTime;
    }

    /** A window is granted; says whether ranks are to tell of it. Throws {@link ListenerFailedException}. */
    boolean begins(PlannedWindow window) {
        if (growing) {
            growing = false;
            if (window.trains()) {
                sample.put(window.number(), new TreeMap<>());
                return true;
            }
            tellIfWhole();
        } else if (window.trains() && isDue(window.number()) && anybodyWatches()) {
            sample.clear();
            sample.put(window.number(), new TreeMap<>());
            growing = true;
            return true;
        }
        return false;
    }

    /** A sample of which nobody has told, so many windows later, does not come any more. */
    private boolean isDue(long window) {
        boolean coming = !sample.isEmpty() && window - sample.lastKey() <= StageMachine.MAX_WINDOWS;
        if (watchers.isEmpty() || coming) {
            return false;
        }
        long now = nanoTime.getAsLong();
        if (sampled && now - sampledAt < PACE.toNanos()) {
            return false;
        }
        sampled = true;
        sampledAt = now;
        return true;
    }

    private boolean anybodyWatches() {
        try {
            return watchers.stream().anyMatch(TimelineWatcher::watching);
        } catch (RuntimeException e) {
            throw new ListenerFailedException("the question whether it watches", e);
        }
    }

    /** A rank told what it did in a window. Throws {@link ListenerFailedException}. */
    void told(WindowWatched told) {
        Map<Integer, WindowWatched> ranks = sample.get(told.window());
        if (ranks != null
                && told.rank() >= 0
                && told.rank() < assignment.workerOfRank().size()) {
            ranks.put(told.rank(), told);
            tellIfWhole();
        }
    }

    private void tellIfWhole() {
        int ranks = assignment.workerOfRank().size();
        if (growing || sample.isEmpty() || sample.values().stream().anyMatch(told -> told.size() < ranks)) {
            return;
        }
        TimelineSample whole = new TimelineSample(
                ranks,
                IntStream.range(0, assignment.workers())
                        .mapToObj(this::ofWorker)
                        .toList(),
                IntStream.range(0, ranks).mapToObj(this::newestOf).toList());
        sample.clear();
        try {
            watchers.forEach(watcher -> watcher.saw(whole));
        } catch (RuntimeException e) {
            throw new ListenerFailedException("a sample of the timeline", e);
        }
    }

    private ProcessTrace ofWorker(int worker) {
        List<ProcessTrace> parts = new ArrayList<>();
        for (Map<Integer, WindowWatched> ranks : sample.values()) {
            for (int rank : assignment.ranksOf(worker)) {
                parts.add(Objects.requireNonNull(ranks.get(rank)).did());
            }
        }
        return ProcessTrace.together(parts);
    }

    private RankLoad newestOf(int rank) {
        return Objects.requireNonNull(sample.lastEntry().getValue().get(rank)).load();
    }
}
