package io.ketju.pipeline;

import io.ketju.layers.model.Input;
import io.ketju.pipeline.schedule.Overlap;
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
}
