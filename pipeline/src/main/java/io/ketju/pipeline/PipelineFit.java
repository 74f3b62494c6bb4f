package io.ketju.pipeline;

import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.schedule.Overlap;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.ReplicaCounts;
import io.ketju.pipeline.schedule.Replicas;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SchedulePlan;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** Whether the parts of a {@link PipelineSpec} fit each other; what does not is an {@link IllegalArgumentException} in one line. */
final class PipelineFit {
    private PipelineFit() {}

    static void require(
            Recipe recipe,
            Partition partition,
            Placement placement,
            Schedule schedule,
            Set<Integer> recomputing,
            boolean sharesState) {
        recipe.requireGradients();
        Replicas replicas = new Replicas(placement.counts(), recipe.gradientGroups());
        partition.requireFits(recipe.model());
        requireStages(partition, placement, recomputing);
        SearchFit.require(recipe, partition);
        Optional<Overlap> overlap = schedule.overlap(placement.ofOne());
        requireReplicas(recipe, placement, schedule, overlap, sharesState);
        if (overlap.isPresent()) {
            OverlapFit.require(schedule.name(), overlap.get(), recipe, recomputing);
        }
        // What is legal for the most micro-batches that can come is legal for fewer.
        for (Schedule one : schedule.alternatives()) {
            if (!placement.counts().alike()) {
                DealtPlan dealt = new DealtPlan(recipe, partition, recomputing, replicas, sharesState);
                dealt.requireLegal(one);
                requireAlternative(schedule, one, dealt.plan(one), dealt.plan(schedule));
                continue;
            }
            for (int replica = 0; replica < placement.counts().most(); replica++) {
                PipelineShare share = new PipelineShare(
                        recipe, partition, placement.ofOne(), recomputing, replicas, replica, sharesState);
                share.requireLegal(one);
                requireAlternative(schedule, one, share.plan(one), share.plan(schedule));
            }
        }
    }

    private static void requireStages(Partition partition, Placement placement, Set<Integer> recomputing) {
        for (int stage : recomputing) {
            if (stage < 0 || stage >= partition.stages()) {
                throw new IllegalArgumentException(
                        "expected stages from 0 to " + (partition.stages() - 1) + " to recompute, found " + stage);
            }
        }
        if (placement.pipeline() != partition.stages()) {
            throw new IllegalArgumentException("placement: expected the rank of each of " + partition.stages()
                    + " stages, found " + placement.rankOfStage());
        }
    }

    private static void requireReplicas(
            Recipe recipe, Placement placement, Schedule schedule, Optional<Overlap> overlap, boolean sharesState) {
        ReplicaCounts counts = placement.counts();
        if (sharesState && !counts.several()) {
            throw new IllegalArgumentException("expected several replicas to share the optimizer's state, found 1");
        }
        if (counts.several()) {
            ReplicaFit.require(recipe, schedule, overlap);
        }
        if (!counts.alike()) {
            ReplicaFit.requireDealt(schedule, placement);
        }
    }

    private static void requireAlternative(Schedule all, Schedule one, SchedulePlan plan, SchedulePlan first) {
        if (all.alternatives().size() > 1 && one.overlap(plan.placement()).isPresent()) {
            throw new IllegalArgumentException(
                    "expected schedules with a flush where a run may take one or another, found " + one.name()
                            + ", whose windows overlap");
        }
        IntStream.range(0, plan.stages())
                .filter(stage -> plan.recomputes(stage) != first.recomputes(stage))
                .findFirst()
                .ifPresent(stage -> {
                    throw new IllegalArgumentException("expected schedules that recompute the same stages, found "
                            + one.name() + ", which differs from the first in stage " + stage);
                });
    }
}
