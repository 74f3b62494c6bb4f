package io.ketju.pipeline.choice;

import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.catalogue.Schedules;
import io.ketju.pipeline.partition.CutCost;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SchedulePlan;
import io.ketju.pipeline.schedule.ScheduleSimulation;
import io.ketju.pipeline.stage.StagePlan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What every schedule would make of a job on as many ranks as it has: how long a step takes by the simulator, what ranks wait,
 * hold and send. All give the same bits. Schedules that take several stages on a rank cut the model anew.
 *
 * @param rows fastest first; of equally fast ones that which holds less
 * @param measured whether {@link Row#step} is in nanoseconds; otherwise in a unit of which only ratios count
 */
public record ScheduleComparison(List<Row> rows, boolean measured) {
    /** Stages on one rank, at most. */
    private static final int MOST_CHUNKS = 4;

    /**
     * One schedule.
     *
     * @param spec the job by this schedule
     * @param step how long a step takes
     * @param bubble the idle part of all ranks' time, 0 to 1
     * @param rankBytes what each rank holds
     * @param sentBytes activations and gradients that go from rank to rank in a step
     */
    public record Row(PipelineSpec spec, double step, double bubble, List<Long> rankBytes, long sentBytes) {
        /** What the rank with most holds. */
        public long mostBytes() {
            return Collections.max(rankBytes);
        }

        public Schedule schedule() {
            return spec.schedule();
        }
    }

    /** With cuts of balanced cost for each. */
    public static ScheduleComparison of(PipelineSpec spec, LayerTimes times) {
        return new ScheduleComparison(rows(candidates(spec, times), times), times.measured());
    }

    /** With the cuts that the job has, which leaves the schedules that can place them on the same ranks. */
    public static ScheduleComparison ofSameStages(PipelineSpec spec, LayerTimes times) {
        List<PipelineSpec> all = new ArrayList<>(List.of(spec));
        addPlacing(all, spec, spec.partition());
        return new ScheduleComparison(rows(all, times), times.measured());
    }

    private static List<PipelineSpec> candidates(PipelineSpec spec, LayerTimes times) {
        List<PipelineSpec> all = new ArrayList<>(List.of(spec));
        int ranks = spec.placement().ranks();
        for (int chunks = 1;
                chunks <= MOST_CHUNKS && chunks * ranks <= times.layers().size();
                chunks++) {
            addPlacing(all, spec, times.balanced(chunks * ranks));
        }
        return all;
    }

    /** Adds those that place a partition on as many ranks, each plan once. */
    private static void addPlacing(List<PipelineSpec> all, PipelineSpec job, Partition partition) {
        Set<SchedulePlan> plans = new HashSet<>();
        all.stream().filter(known -> known.stages() == partition.stages()).forEach(known -> plans.add(known.plan()));
        for (Schedule schedule : Schedules.placing(partition.stages())) {
            Placement placement = schedule.placement(partition.stages());
            if (placement.ranks() == job.placement().ranks()) {
                PipelineSpec spec = new PipelineSpec(job.recipe(), partition, placement, schedule);
                if (plans.add(spec.plan())) {
                    all.add(spec);
                }
            }
        }
    }

    private static List<Row> rows(List<PipelineSpec> specs, LayerTimes times) {
        return specs.stream()
                .map(spec -> row(spec, times))
                .sorted(Comparator.comparingDouble(Row::step).thenComparingLong(Row::mostBytes))
                .toList();
    }

    private static Row row(PipelineSpec spec, LayerTimes times) {
        ScheduleSimulation simulation = times.simulate(spec, spec.plan());
        List<Long> bytes = new ArrayList<>(Collections.nCopies(spec.placement().ranks(), 0L));
        for (StagePlan stage : StagePlan.all(spec)) {
            int rank = spec.placement().rankOf(stage.stage());
            bytes.set(rank, bytes.get(rank) + stage.bytes());
        }
        return new Row(spec, simulation.makespan(), simulation.bubble(), List.copyOf(bytes), sent(spec));
    }

    private static long sent(PipelineSpec spec) {
        List<Long> places = CutCost.bytes(spec.model());
        long bytes = 0;
        for (int stage = 1; stage < spec.stages(); stage++) {
            if (spec.placement().rankOf(stage - 1) != spec.placement().rankOf(stage)) {
                bytes += places.get(spec.partition().bounds().get(stage));
            }
        }
        return Math.multiplyExact(bytes, (long) spec.batchSize());
    }
}
