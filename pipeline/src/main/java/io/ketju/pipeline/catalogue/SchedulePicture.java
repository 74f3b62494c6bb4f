package io.ketju.pipeline.catalogue;

import io.ketju.layers.spec.Description;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SchedulePlan;
import io.ketju.pipeline.schedule.ScheduleSimulation;
import io.ketju.pipeline.schedule.ScheduleSimulator;
import io.ketju.pipeline.schedule.SimulationCosts;
import io.ketju.pipeline.schedule.SimulationCosts.StageCosts;
import io.ketju.pipeline.schedule.Stretch;
import io.ketju.tensor.Plural;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** A small plan of a listed schedule as a picture, and figures of larger ones. */
final class SchedulePicture {
    private static final int RANKS = 3;
    private static final int MICROBATCHES = 4;

    private SchedulePicture() {}

    /** Lines of plain text. */
    static List<String> of(Description description) {
        if (List.of(Table.ENTRY.description(), Table.FILE.description()).contains(description)) {
            return List.of(
                    "# Two stages on two ranks, two micro-batches; dots and what follows # are not read.",
                    "rank 0  0F0 0F1  .  0I0 0W0 0B1 0S",
                    "rank 1   .  1F0 1B0 1F1 1B1 1S");
        }
        if (description.equals(Auto.ENTRY.description())) {
            return List.of("ketju plan JOB --compare shows what it chooses from.");
        }
        Schedule schedule = Schedules.parse(description.name());
        if (schedule instanceof Overlapping overlapping) {
            return of(overlapping);
        }
        List<String> lines = new ArrayList<>();
        lines.add(RANKS + " ranks, " + MICROBATCHES + " micro-batches; one column is one action, a dot is idle");
        plan(schedule, RANKS, MICROBATCHES).table().lines().forEach(lines::add);
        lines.add("where F, I and W of all that a rank has take 1 each:");
        lines.add(figures(schedule, 4, 8));
        lines.add(figures(schedule, 8, 16));
        return lines;
    }

    /** From one drain to the next. */
    private static List<String> of(Overlapping schedule) {
        List<String> lines = new ArrayList<>();
        Stretch small = stretch(schedule, RANKS, schedule.updatesEveryMicrobatch() ? 6 : 3);
        lines.add(
                RANKS + " ranks, " + small.windows().size() + " mini-batches of "
                        + Plural.of(small.windows().getFirst(), "micro-batch")
                        + " from one drain to the next, micro-batches counted through; one column is one action, a dot is idle");
        small.flat().table().lines().forEach(lines::add);
        lines.add("where F, I and W of all that a rank has take 1 each:");
        lines.add(figures(schedule, 4, 8));
        lines.add(figures(schedule, 8, 16));
        return lines;
    }

    /** Of as many mini-batches: of one micro-batch each, or of as many as there are ranks. */
    private static Stretch stretch(Overlapping schedule, int ranks, int windows) {
        int microbatches = schedule.updatesEveryMicrobatch() ? 1 : ranks;
        return Stretch.of(schedule.overlap(ranks), Collections.nCopies(windows, microbatches));
    }

    /** What a stretch of so many micro-batches takes, and a hundred times as many. */
    private static String figures(Overlapping schedule, int ranks, int microbatches) {
        StageCosts costs = new StageCosts(1, 2, 1, 1, 0);
        int windows = schedule.updatesEveryMicrobatch() ? microbatches : microbatches / ranks;
        ScheduleSimulation one =
                ScheduleSimulator.simulate(stretch(schedule, ranks, windows).flat(), SimulationCosts.uniform(costs));
        ScheduleSimulation many = ScheduleSimulator.simulate(
                stretch(schedule, ranks, 100 * windows).flat(), SimulationCosts.uniform(costs));
        return String.format(
                Locale.ROOT,
                "%d ranks, %d micro-batches between drains: makespan %s, bubble %.1f %%; %d: bubble %.1f %%; %d micro-batches in"
                        + " flight, %s of the weights",
                ranks,
                microbatches,
                number(one.makespan()),
                100 * one.bubble(),
                100 * microbatches,
                100 * many.bubble(),
                Collections.max(one.peakOnRank()),
                Plural.of(schedule.overlap(ranks).versions(0), "version"));
    }

    private static String figures(Schedule schedule, int ranks, int microbatches) {
        SchedulePlan plan = plan(schedule, ranks, microbatches);
        double chunks = (double) plan.stages() / ranks;
        StageCosts costs = new StageCosts(1 / chunks, 2 / chunks, 1 / chunks, 1 / chunks, 0);
        ScheduleSimulation simulation = ScheduleSimulator.simulate(plan, SimulationCosts.uniform(costs));
        return String.format(
                Locale.ROOT,
                "%d ranks, %d micro-batches: makespan %s, bubble %.1f %%, %s micro-batches in flight",
                ranks,
                microbatches,
                number(simulation.makespan()),
                100 * simulation.bubble(),
                number(Collections.max(simulation.peakOnRank()) / chunks));
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Long.toString(Math.round(value)) : Double.toString(value);
    }

    /** Over as many stages as the schedule puts on so many ranks. */
    private static SchedulePlan plan(Schedule schedule, int ranks, int microbatches) {
        Placement placement = IntStream.rangeClosed(1, 2)
                .mapToObj(chunks -> chunks * ranks)
                .flatMap(stages -> Schedules.placing(stages).stream()
                        .filter(schedule::equals)
                        .map(known -> known.placement(stages)))
                .filter(known -> known.ranks() == ranks)
                .findFirst()
                .orElseThrow();
        return schedule.plan(placement, microbatches);
    }
}
