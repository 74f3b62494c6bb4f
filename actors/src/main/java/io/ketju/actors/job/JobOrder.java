package io.ketju.actors.job;

import io.ketju.layers.model.Model;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.Wire;
import io.ketju.pipeline.catalogue.OneForwardOneBackward;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.partition.Partitioner;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.ReplicaCounts;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.stage.Recompute;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** What a job says of the order of work, and nothing of the numbers: how the model is cut, who runs what when. */
final class JobOrder {
    private Schedule schedule = new OneForwardOneBackward();
    private Optional<Placement> placement = Optional.empty();
    private int stages = 1;
    private List<Integer> bounds = List.of();
    private Recompute recompute = Recompute.NONE;
    /** Of all stages, or of each. */
    private List<Integer> replicas = List.of(1);

    private boolean sharesState;
    private Wire wire = Wire.FLOAT32;

    void schedule(Schedule value) {
        schedule = value;
    }

    /** Whether there is an update after every micro-batch. */
    boolean updatesEveryMicrobatch() {
        return schedule.updatesEveryMicrobatch();
    }

    void placement(Placement value) {
        placement = Optional.of(value);
    }

    /** So many stages of balanced cost. */
    void stages(int value) {
        stages = value;
        bounds = List.of();
    }

    /** By hand. */
    void bounds(List<Integer> value) {
        bounds = List.copyOf(value);
    }

    void recompute(Recompute value) {
        recompute = value;
    }

    void replicas(int... ofStages) {
        replicas = IntStream.of(ofStages).boxed().toList();
    }

    void sharesState(boolean value) {
        sharesState = value;
    }

    void wire(Wire value) {
        wire = value;
    }

    /** Checks what can be checked without a model; returns the number of stages. */
    int checkedStages() {
        JobChecks.atLeast("stages", stages, 1);
        int parts = bounds.isEmpty() ? stages : Math.max(1, bounds.size() - 1);
        JobChecks.atMost("stages", parts, JobLimits.STAGES);
        checkReplicas(parts);
        return parts;
    }

    private void checkReplicas(int parts) {
        String where = JobKey.REPLICAS.path();
        if (replicas.size() != 1 && replicas.size() != parts) {
            throw new InvalidJobException(where + ": expected one number for all stages, or one for each of " + parts
                    + ", found " + replicas);
        }
        replicas.forEach(count -> JobChecks.atLeast(where, count, 1));
        if (replicas.size() == 1) {
            JobChecks.atMost(where, replicas.getFirst(), Math.max(1, JobLimits.STAGES / parts));
        } else {
            replicas.forEach(count -> JobChecks.atMost(where, count, JobLimits.STAGES));
            int all = replicas.stream().mapToInt(Integer::intValue).sum();
            JobChecks.atMost(where + ", of all stages together", all, JobLimits.STAGES);
        }
    }

    private ReplicaCounts counts(int parts) {
        return replicas.size() == 1 ? ReplicaCounts.alike(replicas.getFirst(), parts) : new ReplicaCounts(replicas);
    }

    private Partition partition(Model model) {
        return JobChecks.naming(
                "stages",
                () -> bounds.isEmpty() ? Partitioner.balanced(model, stages) : JobChecks.partition(model, bounds));
    }

    /** The model is the job's, without the head of the job's loss. */
    PipelineSpec pipeline(Model model, Recipe recipe) {
        Partition partition = partition(model);
        PipelineSpec plain = JobSchedule.of(recipe, partition, !bounds.isEmpty(), placement, schedule, recompute)
                .withWire(wire);
        PipelineSpec one = recompute.equals(Recompute.NONE)
                ? plain
                : JobChecks.naming("recompute", () -> plain.withRecomputing(recompute.stages(plain)));
        ReplicaCounts counts = counts(partition.stages());
        PipelineSpec all =
                counts.several() ? JobChecks.naming(JobKey.REPLICAS.path(), () -> one.withReplicas(counts)) : one;
        return sharesState ? JobChecks.naming(JobKey.SHARD_OPTIMIZER.path(), () -> all.withSharedState(true)) : all;
    }
}
