package io.ketju.records.timeline;

import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.choice.LayerTimes;
import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.schedule.ScheduleSimulation;
import io.ketju.pipeline.stage.Window;
import io.ketju.pipeline.trace.ProcessTrace;
import io.ketju.pipeline.trace.TracedAction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What every rank does when: of a plan, or of a run.
 *
 * @param title what is shown
 * @param unit what a length of 1 is
 * @param rows of the ranks, each with its blocks in order
 */
public record Timeline(String title, String unit, List<List<Block>> rows) {
    /**
     * One action.
     *
     * @param action what is done
     * @param start in the unit of the timeline
     * @param end in the same
     * @param note what is to be known of it, for whoever points at it
     */
    public record Block(Action action, double start, double end, String note) {}

    /** Copies the rows. */
    public Timeline {
        rows = rows.stream().map(List::copyOf).toList();
    }

    /**
     * How many windows of a plan show its warm-up, its steady state and its drain.
     *
     * @param spec of the run
     * @return at least 1
     */
    public static int windows(PipelineSpec spec) {
        return spec.overlap()
                .map(overlap -> overlap.ofMicrobatches() ? 2 * overlap.ranks() + 2 : 3)
                .orElse(1);
    }

    /**
     * Of a plan, by what its layers take.
     *
     * @param title what is shown
     * @param spec of the run
     * @param times of its layers, measured or modelled
     * @return in microseconds if times were measured, otherwise in per cent of what is shown
     */
    public static Timeline of(String title, PipelineSpec spec, LayerTimes times) {
        ScheduleSimulation simulation = times.simulate(spec, spec.picture(windows(spec)));
        double unit = times.measured() ? 1e3 : simulation.makespan() / 100;
        return new Timeline(
                title,
                times.measured() ? "us" : "% of all",
                simulation.timeline().stream()
                        .map(rank -> rank.stream()
                                .map(interval -> new Block(
                                        interval.action(),
                                        interval.start() / unit,
                                        interval.end() / unit,
                                        "as predicted"))
                                .toList())
                        .toList());
    }

    /**
     * Of a run: some training windows from its middle, in microseconds from the first of their actions.
     *
     * @param title what is shown
     * @param processes by one clock
     * @param windows how many, at least 1
     * @return the rows of all ranks, the first first
     */
    public static Timeline of(String title, List<ProcessTrace> processes, int windows) {
        List<Long> trained = processes.stream()
                .flatMap(process -> process.actions().stream())
                .filter(action -> action.phase() == Window.Phase.TRAIN)
                .map(TracedAction::window)
                .distinct()
                .sorted()
                .toList();
        int first = Math.max(0, trained.size() / 2 - windows / 2);
        Set<Long> shown = new HashSet<>(trained.subList(first, Math.min(trained.size(), first + windows)));
        List<TracedAction> actions = processes.stream()
                .flatMap(process -> process.actions().stream())
                .filter(action -> shown.contains(action.window()))
                .toList();
        long begin = actions.stream().mapToLong(TracedAction::started).min().orElse(0);
        SortedMap<Integer, List<Block>> ranks = new TreeMap<>();
        for (TracedAction action : actions) {
            ranks.computeIfAbsent(action.rank(), rank -> new ArrayList<>())
                    .add(new Block(
                            action.action(),
                            (action.started() - begin) / 1e3,
                            (action.ended() - begin) / 1e3,
                            String.format(
                                    Locale.ROOT,
                                    "window %d, waited for %s, ready %.1f us before",
                                    action.window(),
                                    ActionText.cause(action.cause()),
                                    (action.started() - action.ready()) / 1e3)));
        }
        return new Timeline(title, "us", List.copyOf(ranks.values()));
    }

    /**
     * When the last action of all ends.
     *
     * @return in the unit of the timeline; 0 of an empty one
     */
    public double end() {
        return rows.stream().flatMap(List::stream).mapToDouble(Block::end).max().orElse(0);
    }
}
