package io.ketju.benchmarks.pipeline;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.TrainingJob;
import io.ketju.benchmarks.kernels.Operands;
import io.ketju.benchmarks.measure.Effort;
import io.ketju.benchmarks.measure.Report;
import io.ketju.cluster.link.LinkMode;
import io.ketju.layers.Layer;
import io.ketju.layers.linear.Linear;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.Sequential;
import io.ketju.layers.optimizer.SGD;
import io.ketju.pipeline.catalogue.Schedules;
import io.ketju.pipeline.catalogue.ZBV;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SchedulePlan;
import io.ketju.pipeline.schedule.ScheduleSimulator;
import io.ketju.pipeline.schedule.SimulationCosts;
import io.ketju.tensor.Shape;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Whether ranks wait as much as their plan says: every action takes a timer's time in place of arithmetic, so each rank runs
 * at its own pace whatever the machine, and what is left of a step beside the actions and the plan's bubble is what the
 * actors cost.
 */
final class PacedSchedules implements Measured {
    /** Of an action on so many ranks times their number: steps take as long on few ranks as on many, and so does their start. */
    private static final long PACE_NANOS = 40_000_000;

    private static final int FLOATS = 16;
    private static final int CLASSES = 10;
    private static final double BAR_POINTS = 3;

    private static final List<String> SCHEDULES = List.of(
            "GPipe",
            "1F1B",
            "Interleaved1F1B(chunks=2)",
            "ZB1P",
            "InterleavedZB(chunks=2)",
            "ZBV",
            "VHalf",
            "VMin",
            "DualPipeV");

    /** Of the time that the first one warms up for, what each has. */
    private static final int SHARE_OF_WARMTH = 8;

    private final Effort effort;

    PacedSchedules(Effort effort) {
        this.effort = effort;
    }

    @Override
    public String name() {
        return "paced";
    }

    @Override
    public void run(PrintStream out) throws Exception {
        Report report = new Report(
                "Bubbles: every action takes a timer of 40 ms / ranks, a thread for each rank, twice as many micro-batches as ranks",
                "ranks",
                "schedule",
                "planned",
                "measured",
                "points (bar " + Report.number(BAR_POINTS, 0) + ")");
        measured(new ZBV(), 2, 4, effort.warm());
        for (int ranks : new int[] {2, 4, 8}) {
            for (String name : SCHEDULES) {
                Schedule schedule = Schedules.parse(name);
                int stages = stages(schedule, ranks);
                SchedulePlan plan = schedule.plan(schedule.placement(stages), 2 * ranks);
                double planned =
                        ScheduleSimulator.simulate(plan, SimulationCosts.MODEL).bubble();
                double measured =
                        measured(schedule, ranks, stages, effort.warm().dividedBy(SHARE_OF_WARMTH));
                report.row(
                        Integer.toString(ranks),
                        name,
                        Report.percent(planned),
                        Report.percent(measured),
                        Report.number(100 * (measured - planned), 1));
            }
        }
        report.note(
                "Measured: the share of all ranks' time from the begin of a step's first action to the end of its last"
                        + " in which no timer ran, the median of " + steps() + " steps, one at a time.");
        report.print(out, 8);
    }

    /** How many stages a schedule puts on so many ranks: one or two on each. */
    static int stages(Schedule schedule, int ranks) {
        return IntStream.of(ranks, 2 * ranks)
                .filter(stages -> Schedules.placing(stages).stream()
                        .filter(schedule::equals)
                        .anyMatch(known -> known.placement(stages).ranks() == ranks))
                .findFirst()
                .orElseThrow();
    }

    private int steps() {
        return 2 * effort.rounds() + 1;
    }

    /** The median bubble, after as much time without any pace. */
    private double measured(Schedule schedule, int ranks, int stages, Duration warm) {
        int microbatches = 2 * ranks;
        PacedLayer.Passes passes = new PacedLayer.Passes();
        Gate gate = new Gate();
        try (Operands memory = new Operands()) {
            WorkBatches.Batch batch = new WorkBatches.Batch(
                    memory.uniform(1, 1, microbatches, FLOATS), memory.classes(CLASSES, 2, microbatches));
            TrainingJob job = Ketju.job()
                    .model(model(stages, passes))
                    .data(new GatedBatches(step -> batch, microbatches, gate))
                    .optimizer(new SGD(1e-4))
                    .schedule(schedule)
                    .stageBounds(bounds(stages))
                    .threads(ranks)
                    .build();
            try (RunningJob running = PipelineJobs.embedded(job, gate, LinkMode.LOCAL_WHERE_POSSIBLE)) {
                warm(running, warm);
                passes.pace(PACE_NANOS / ranks);
                running.step();
                double[] bubbles = new double[steps()];
                for (int i = 0; i < bubbles.length; i++) {
                    passes.clear();
                    running.step();
                    bubbles[i] = passes.bubble(ranks);
                }
                Arrays.sort(bubbles);
                return bubbles[bubbles.length / 2];
            }
        }
    }

    /** Uncompiled code takes milliseconds where compiled code takes microseconds, and steps at a pace are too few to be compiled. */
    private static void warm(RunningJob running, Duration least) {
        long begun = System.nanoTime();
        do {
            running.step();
        } while (System.nanoTime() - begun < least.toNanos());
    }

    /** A layer that learns in front, so that the first of the paced ones makes an input gradient too. */
    private static Model model(int stages, PacedLayer.Passes passes) {
        List<Layer> layers = new ArrayList<>(List.of(new Linear(FLOATS, FLOATS)));
        for (int i = 0; i < stages; i++) {
            layers.add(new PacedLayer(passes));
        }
        layers.add(new Linear(FLOATS, CLASSES));
        return Model.of(Shape.of(FLOATS), Sequential.of(layers.toArray(Layer[]::new)));
    }

    private static List<Integer> bounds(int stages) {
        List<Integer> bounds = new ArrayList<>(List.of(0));
        for (int stage = 1; stage < stages; stage++) {
            bounds.add(stage + 1);
        }
        bounds.add(stages + 2);
        return bounds;
    }
}
