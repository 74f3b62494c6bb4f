package io.ketju.pipeline;

import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.schedule.GradientGroups;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.Replicas;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SchedulePlan;
import io.ketju.pipeline.schedule.ScheduleValidator;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * What one replica of a pipeline does in a step, where all stages have as many; everything, where there is one. Its stages and
 * its micro-batches are counted from 0.
 *
 * @param placement of one pipeline
 * @param sharesState whether each replica updates some parameters
 */
record PipelineShare(
        Recipe recipe,
        Partition partition,
        Placement placement,
        Set<Integer> recomputing,
        Replicas replicas,
        int replica,
        boolean sharesState) {
    /** The lists of all ranks of the replica, for the most micro-batches that it can have. */
    SchedulePlan plan(Schedule schedule) {
        SchedulePlan plan = ofPipeline(schedule);
        SchedulePlan exchanging = replicas.counts().most() == 1 ? plan : plan.withExchange();
        return sharesState ? exchanging.withValues() : exchanging;
    }

    private SchedulePlan ofPipeline(Schedule schedule) {
        return plan(schedule, placement, groups().microbatches())
                .withRecomputation(recomputing)
                .withSums(replica == 0 ? summing(recipe, partition) : Set.of());
    }

    private GradientGroups groups() {
        return replicas.share(replica * partition.stages());
    }

    /** Throws {@link IllegalArgumentException} unless the lists are legal. */
    void requireLegal(Schedule schedule) {
        ScheduleValidator.requireLegal(
                ofPipeline(schedule),
                ScheduleValidator.Purpose.TRAIN,
                schedule.mostInFlight(placement, groups().microbatches()),
                groups());
    }

    /** The stages whose step waits for sums over the whole model, in training windows of any objective. */
    static Set<Integer> summing(Recipe recipe, Partition partition) {
        Set<Integer> stages = new TreeSet<>();
        int objectives = Math.max(1, recipe.objectives().size());
        IntStream.range(0, objectives).forEach(objective -> stages.addAll(summing(recipe, partition, objective)));
        return stages;
    }

    static Set<Integer> summing(Recipe recipe, Partition partition, int objective) {
        Set<Integer> stages = new TreeSet<>();
        if (recipe.rules().skips() || recipe.search().isPresent()) {
            // A loss or running statistics may stand where nothing learns: all must know what becomes of the window.
            IntStream.range(0, partition.stages()).forEach(stages::add);
        } else if (recipe.sums() > 0) {
            Set<String> trained = recipe.trained(objective);
            IntStream.range(0, partition.stages())
                    .filter(stage -> partition.nodes(recipe.model(), stage).stream()
                            .anyMatch(node -> node.parameters().stream().anyMatch(trained::contains)))
                    .forEach(stages::add);
        }
        return stages;
    }

    static SchedulePlan plan(Schedule schedule, Placement placement, int microbatches) {
        SchedulePlan plan = schedule.plan(placement, microbatches);
        if (!plan.placement().equals(placement) || plan.microbatches() != microbatches) {
            throw new IllegalArgumentException(schedule.name() + ": expected a plan of " + microbatches
                    + " micro-batches for stages on ranks " + placement.rankOfStage() + ", found one of "
                    + plan.microbatches() + " for " + plan.placement().rankOfStage());
        }
        return plan;
    }
}
