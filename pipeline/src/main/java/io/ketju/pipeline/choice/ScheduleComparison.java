package io.ketju.pipeline.choice;

import io.ketju.layers.model.ModelTypes;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.catalogue.Schedules;
import io.ketju.pipeline.partition.Cut;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SchedulePlan;
import io.ketju.pipeline.schedule.ScheduleSimulation;
import io.ketju.pipeline.stage.StagePlan;
import io.ketju.tensor.ByteSize;
import io.ketju.tensor.MicrobatchSplit;
import io.ketju.tensor.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

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
     * @param sentBytes activations and gradients that go from rank to rank in a step, as they travel
     */
    public record Row(PipelineSpec spec, double step, double bubble, List<Long> rankBytes, long sentBytes) {
        /** {@return what the rank with most holds, in bytes} */
        public long mostBytes() {
            return Collections.max(rankBytes);
        }

        /** {@return the schedule} */
        public Schedule schedule() {
            return spec.schedule();
        }
    }

    /**
     * {@return a comparison with cuts of balanced cost for each schedule}
     *
     * @param spec the job, which is compared as it is too
     * @param times of its layers
     */
    public static ScheduleComparison of(PipelineSpec spec, LayerTimes times) {
        return of(spec, times, Workers.ALIKE);
    }

    /**
     * {@return a comparison with cuts that suit the workers, for each schedule; those that hold more than some worker may are left out}
     *
     * @param spec the job, which is compared as it is too
     * @param times of its layers
     * @param workers how fast each rank's is, and how much it may hold
     * @throws IllegalArgumentException if all are left out, or the job has replicas
     */
    public static ScheduleComparison of(PipelineSpec spec, LayerTimes times, Workers workers) {
        requireOnePipeline(spec);
        List<PipelineSpec> all = new ArrayList<>(List.of(spec));
        int ranks = spec.placement().ranks();
        for (int chunks = 1;
                chunks <= MOST_CHUNKS && chunks * ranks <= times.layers().size();
                chunks++) {
            Partition even = times.balanced(chunks * ranks);
            addPlacing(
                    all,
                    spec,
                    even,
                    placed -> workers.equals(Workers.ALIKE) ? Optional.of(even) : times.balanced(placed, workers));
        }
        return new ScheduleComparison(rows(all, times, workers), times.measured());
    }

    /**
     * {@return a comparison with the cuts that the job has, which leaves the schedules that can place them on the same ranks}
     *
     * @param spec the job
     * @param times of its layers
     */
    public static ScheduleComparison ofSameStages(PipelineSpec spec, LayerTimes times) {
        return ofSameStages(spec, times, Workers.ALIKE);
    }

    /**
     * {@return the same for workers of different speeds, without schedules that hold more than some worker may}
     *
     * @param spec the job
     * @param times of its layers
     * @param workers how fast each rank's is, and how much it may hold
     * @throws IllegalArgumentException if all are left out, or the job has replicas
     */
    public static ScheduleComparison ofSameStages(PipelineSpec spec, LayerTimes times, Workers workers) {
        requireOnePipeline(spec);
        List<PipelineSpec> all = new ArrayList<>(List.of(spec));
        addPlacing(all, spec, spec.partition(), placed -> Optional.of(spec.partition()));
        return new ScheduleComparison(rows(all, times, workers), times.measured());
    }

    /** Adds those that place as many stages on as many ranks, each plan once, cut as told if that can be. */
    private static void addPlacing(
            List<PipelineSpec> all,
            PipelineSpec job,
            Partition stages,
            Function<PipelineSpec, Optional<Partition>> cuts) {
        Set<SchedulePlan> plans = new HashSet<>();
        all.stream().filter(known -> known.stages() == stages.stages()).forEach(known -> plans.add(known.plan()));
        for (Schedule schedule : Schedules.placing(stages.stages())) {
            Placement placement = schedule.placement(stages.stages());
            if (placement.ranks() == job.placement().ranks()) {
                PipelineSpec placed = placed(job, stages, placement, schedule);
                if (plans.add(placed.plan())) {
                    cuts.apply(placed).ifPresent(cut -> all.add(placed(job, cut, placement, schedule)));
                }
            }
        }
    }

    private static PipelineSpec placed(PipelineSpec job, Partition cut, Placement placement, Schedule schedule) {
        return new PipelineSpec(
                job.recipe(), cut, placement, schedule, recomputing(job, placement), job.wire(), job.sharesState());
    }

    /** The job's stages, or where there are more or fewer all those of ranks that have such stages. */
    private static Set<Integer> recomputing(PipelineSpec job, Placement placement) {
        if (placement.stages() == job.stages()) {
            return job.recomputing();
        }
        return job.recomputing().stream()
                .map(job.placement()::rankOf)
                .flatMap(rank -> placement.stagesOf(rank).stream())
                .collect(Collectors.toSet());
    }

    private static void requireOnePipeline(PipelineSpec job) {
        if (!job.placement().equals(job.placement().ofOne())) {
            throw new IllegalArgumentException(
                    "expected a job without replicas, whose pipelines are alike, found ranks "
                            + job.placement().rankOfStage());
        }
    }

    private static List<Row> rows(List<PipelineSpec> specs, LayerTimes times, Workers workers) {
        List<Row> all = specs.stream()
                .map(spec -> row(spec, times, workers))
                .sorted(Comparator.comparingDouble(Row::step).thenComparingLong(Row::mostBytes))
                .toList();
        List<Row> fitting =
                all.stream().filter(row -> workers.hold(row.rankBytes())).toList();
        if (fitting.isEmpty()) {
            Row least = Collections.min(all, Comparator.comparingLong(Row::mostBytes));
            throw new IllegalArgumentException("expected memory that some schedule fits, found ranks that may hold "
                    + sizes(workers.memory()) + ": of those that can be cut, "
                    + least.schedule().name() + " needs least, " + sizes(least.rankBytes()));
        }
        return fitting;
    }

    private static String sizes(List<Long> bytes) {
        return bytes.stream().map(ByteSize::text).collect(Collectors.joining(", "));
    }

    private static Row row(PipelineSpec spec, LayerTimes times, Workers workers) {
        ScheduleSimulation simulation = times.simulate(spec, spec.plan(), workers);
        return new Row(spec, simulation.makespan(), simulation.bubble(), rankBytes(spec), sent(spec));
    }

    /**
     * {@return what every rank of a job holds, in bytes}
     *
     * @param spec the job
     */
    public static List<Long> rankBytes(PipelineSpec spec) {
        List<Long> bytes = new ArrayList<>(Collections.nCopies(spec.placement().ranks(), 0L));
        for (StagePlan stage : StagePlan.all(spec)) {
            int rank = spec.placement().rankOf(stage.stage());
            bytes.set(rank, bytes.get(rank) + stage.bytes());
        }
        return List.copyOf(bytes);
    }

    private static long sent(PipelineSpec spec) {
        MicrobatchSplit split = MicrobatchSplit.atMost(spec.batchSize(), spec.microbatches());
        int larger = split.samples() % split.microbatches();
        return Math.addExact(
                larger * sent(spec, split.largest()),
                (split.microbatches() - larger) * sent(spec, split.size(split.microbatches() - 1)));
    }

    /** With one micro-batch of so many samples. */
    private static long sent(PipelineSpec spec, int samples) {
        ModelTypes types = spec.model().types(samples);
        long bytes = 0;
        for (int stage = 1; stage < spec.stages(); stage++) {
            if (spec.placement().rankOf(stage - 1) != spec.placement().rankOf(stage)) {
                for (Cut.Edge edge : spec.program(stage).before().edges()) {
                    TensorType travels = spec.wire().type(types.of(edge.value()));
                    long there = travels.shape().bytes();
                    bytes += edge.gradient() ? 2 * there : there;
                }
            }
        }
        return bytes;
    }
}
