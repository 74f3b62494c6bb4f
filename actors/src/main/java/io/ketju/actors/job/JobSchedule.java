package io.ketju.actors.job;

import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.Recipe;
import io.ketju.pipeline.catalogue.Auto;
import io.ketju.pipeline.catalogue.OneForwardOneBackward;
import io.ketju.pipeline.choice.LayerTimes;
import io.ketju.pipeline.choice.ScheduleChoice;
import io.ketju.pipeline.choice.ScheduleComparison;
import io.ketju.pipeline.partition.Partition;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.stage.Recompute;
import java.util.Optional;

/** Puts a job's numbers and its stages under its schedule, or under the best one where the job leaves it open. */
final class JobSchedule {
    private JobSchedule() {}

    /**
     * Throws {@link InvalidJobException} if they do not fit together.
     *
     * @param cutByHand whether the partition is the user's, which a chosen schedule has to keep
     * @param recompute what the choice of a schedule counts where it is of all stages; else it is of stages that only the choice makes
     */
    static PipelineSpec of(
            Recipe recipe,
            Partition partition,
            boolean cutByHand,
            Optional<Placement> placement,
            Schedule schedule,
            Recompute recompute) {
        return JobChecks.naming("schedule " + schedule.name(), () -> {
            if (!(schedule instanceof Auto)) {
                Placement placed = placement.orElseGet(() -> schedule.placement(partition.stages()));
                return new PipelineSpec(recipe, partition, placed, schedule);
            }
            if (placement.isPresent()) {
                throw new IllegalArgumentException(
                        "expected no placement, which is the schedule's to choose, found ranks "
                                + placement.get().rankOfStage());
            }
            PipelineSpec plain = new PipelineSpec(recipe, partition, new OneForwardOneBackward());
            PipelineSpec usual =
                    recompute instanceof Recompute.All all ? plain.withRecomputing(all.stages(plain)) : plain;
            LayerTimes times = LayerTimes.modelled(usual);
            return ScheduleChoice.fastest(
                    cutByHand ? ScheduleComparison.ofSameStages(usual, times) : ScheduleComparison.of(usual, times));
        });
    }
}
