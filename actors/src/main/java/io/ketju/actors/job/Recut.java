package io.ketju.actors.job;

import io.ketju.layers.model.Model;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.schedule.Placement;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A job with another cut, and all else as it is: what a run can go on with while it goes on. */
final class Recut {
    /** What lines begin with. */
    private static final String WHERE = "repartition";

    private Recut() {}

    /** Throws {@link InvalidJobException} with one line if a run of the job cannot take that cut. */
    static TrainingJob of(TrainingJob job, Function<Model, Partition> cut) {
        PipelineSpec now = job.pipeline();
        JobChecks.naming(WHERE, () -> requireMovable(now, job.train() instanceof HandedBatches));
        Partition partition = JobChecks.naming(WHERE, () -> cut.apply(now.model()));
        JobChecks.atMost(WHERE, partition.stages(), JobLimits.STAGES);
        PipelineSpec next = JobChecks.naming(
                WHERE,
                () -> new PipelineSpec(
                                now.recipe(),
                                partition,
                                placement(now, partition.stages()),
                                now.schedule(),
                                recomputing(now, partition.stages()))
                        .withSharedState(now.sharesState()));
        JobChecks.plans(next);
        return job.withPipeline(next);
    }

    /** Throws {@link IllegalArgumentException} where no cut can follow another; returns the pipeline. */
    static PipelineSpec requireMovable(PipelineSpec pipeline, boolean handed) {
        if (handed) {
            throw new IllegalArgumentException("expected a run over data, found a session");
        }
        if (pipeline.overlap().isPresent()) {
            throw new IllegalArgumentException("expected a schedule with a flush, with which every cut gives the same"
                    + " numbers, found " + pipeline.scheduleText()
                    + ", with which the stage of a layer says on which weights it runs");
        }
        if (pipeline.wire().rounding().isPresent()) {
            throw new IllegalArgumentException(
                    "expected a wire of all bits, with which every cut gives the same numbers, found " + pipeline.wire()
                            + ", which rounds where the model is cut");
        }
        return pipeline;
    }

    /** The same where a run measures by itself what its stages take; returns the pipeline. */
    static PipelineSpec requireMeasured(PipelineSpec pipeline, boolean handed) {
        if (!pipeline.counts().alike()) {
            throw new IllegalArgumentException("expected as many replicas of every stage, which share its work alike,"
                    + " found " + pipeline.counts() + "; a cut by hand, 'ketju repartition', can be taken");
        }
        return requireMovable(pipeline, handed);
    }

    /** The schedule's own, for as many replicas, or, with as many stages as there are, the one that there is. */
    private static Placement placement(PipelineSpec now, int stages) {
        if (stages == now.stages()) {
            return now.placement();
        }
        if (!now.counts().alike()) {
            throw new IllegalArgumentException("expected " + now.stages()
                    + " stages, of which each has its own number of replicas, " + now.counts() + ", found " + stages);
        }
        Placement one = now.placement().ofOne();
        if (!one.equals(now.schedule().placement(now.stages()))) {
            throw new IllegalArgumentException("expected " + now.stages()
                    + " stages, of which the job says itself on which " + one.ranks() + " ranks they are, "
                    + one.rankOfStage() + ", found " + stages);
        }
        return now.schedule().placement(stages).replicated(now.counts().most());
    }

    /** Those that are named by their numbers keep them; of other numbers of stages all recompute, or none. */
    private static Set<Integer> recomputing(PipelineSpec now, int stages) {
        Set<Integer> named = now.recomputing();
        if (named.isEmpty() || stages == now.stages()) {
            return named;
        }
        if (named.size() < now.stages()) {
            throw new IllegalArgumentException("expected " + now.stages() + " stages, of which " + List.copyOf(named)
                    + " recompute, found " + stages + "; only where all recompute, or none, their number may change");
        }
        return IntStream.range(0, stages).boxed().collect(Collectors.toSet());
    }
}
