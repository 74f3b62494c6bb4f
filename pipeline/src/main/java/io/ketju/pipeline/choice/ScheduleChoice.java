package io.ketju.pipeline.choice;

import io.ketju.layers.spec.Spec;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.choice.ScheduleComparison.Row;
import io.ketju.pipeline.schedule.Placement;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.schedule.SchedulePlan;
import java.util.Locale;
import java.util.Optional;

/**
 * A schedule that was chosen among others, with the reason; otherwise like that schedule.
 *
 * @param chosen the schedule
 * @param reason one line for people
 */
public record ScheduleChoice(Schedule chosen, String reason) implements Schedule {
    /**
     * {@return the job by the fastest schedule of a comparison}
     *
     * @param comparison of at least one schedule
     */
    public static PipelineSpec fastest(ScheduleComparison comparison) {
        Row best = comparison.rows().getFirst();
        String reason = "schedule " + best.schedule().name() + " was chosen of "
                + comparison.rows().size() + ": its step is predicted to be the shortest"
                + comparison.rows().stream()
                        .filter(row -> row.schedule().name().equals("1F1B") && !row.equals(best))
                        .findFirst()
                        .map(usual -> String.format(Locale.ROOT, ", %.2f of 1F1B's", best.step() / usual.step()))
                        .orElse("");
        PipelineSpec spec = best.spec();
        return new PipelineSpec(
                spec.recipe(),
                spec.partition(),
                spec.placement(),
                new ScheduleChoice(best.schedule(), reason),
                spec.recomputing(),
                spec.wire(),
                spec.sharesState());
    }

    @Override
    public String name() {
        return chosen.name();
    }

    @Override
    public Optional<Spec> spec() {
        return chosen.spec();
    }

    @Override
    public Placement placement(int stages) {
        return chosen.placement(stages);
    }

    @Override
    public SchedulePlan plan(Placement placement, int microbatches) {
        return chosen.plan(placement, microbatches);
    }

    @Override
    public int mostInFlight(Placement placement, int microbatches) {
        return chosen.mostInFlight(placement, microbatches);
    }
}
