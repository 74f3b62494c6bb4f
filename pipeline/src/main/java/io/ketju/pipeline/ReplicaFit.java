package io.ketju.pipeline;

import io.ketju.layers.model.Input;
import io.ketju.pipeline.schedule.Overlap;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.Schedule;
import java.util.Optional;

/** What replicas of a pipeline rule out. */
final class ReplicaFit {
    private ReplicaFit() {}

    /** Throws {@link IllegalArgumentException} with one line unless several replicas can share the steps of a recipe. */
    static void require(Recipe recipe, Schedule schedule, Optional<Overlap> overlap) {
        if (overlap.isPresent()) {
            throw new IllegalArgumentException(
                    "expected a schedule with a flush beside replicas, which end a step together," + " found "
                            + schedule.name() + ", whose updates overlap");
        }
        recipe.model().inputs().stream().filter(Input::constant).findFirst().ifPresent(input -> {
            throw new IllegalArgumentException(
                    "expected a model without constants beside replicas, found the input '" + input.name() + "'");
        });
        if (recipe.search().isPresent()) {
            throw new IllegalArgumentException(
                    "expected an optimizer whose step is one window beside replicas, found " + recipe.optimizer());
        }
    }

    /** The same where stages have different numbers of them: the schedule makes a plan for as many ranks in a row. */
    static void requireDealt(Schedule schedule, Placement placement) {
        Placement chain = DealtPlan.chain(placement.counts());
        boolean fits = schedule.alternatives().stream().allMatch(one -> makes(one, chain));
        if (!fits) {
            throw new IllegalArgumentException(
                    "expected a schedule for any number of ranks, such as 1F1B, GPipe or ZB1P,"
                            + " where stages have different numbers of replicas, found " + schedule.name()
                            + "; others take as many of every stage");
        }
    }

    /** Whether a schedule can be asked for such ranks; what others know of it is its name then. */
    private static boolean makes(Schedule schedule, Placement chain) {
        try {
            return schedule.spec().isPresent()
                    && schedule.placement(chain.stages()).equals(chain)
                    && schedule.plan(chain, 1).placement().equals(chain);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
