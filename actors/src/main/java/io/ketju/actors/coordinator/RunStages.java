package io.ketju.actors.coordinator;

import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.partition.Ties;
import io.ketju.pipeline.schedule.Overlap;
import io.ketju.pipeline.stage.StepSums;

/**
 * The stages of a run, as whoever directs it has to know them.
 *
 * @param count of the first replica; whatever is said of others is numbered on
 * @param sums adds up what they make for their steps
 * @param ties parameters that they share
 * @param windows of which they run something before the oldest has ended: 1 where they do not overlap
 * @param searches whether what a training window measured says if its step goes on
 * @param replicas of the pipeline, itself among them
 * @param kept of all of them, the first ones, those that have something of what is kept
 */
public record RunStages(int count, StepSums sums, Ties ties, int windows, boolean searches, int replicas, int kept) {
    /** Whether there is such a stage. */
    boolean has(int stage) {
        return stage >= 0 && stage < all();
    }

    /**
     * Of a pipeline without replicas.
     *
     * @param count its stages
     * @param sums adds up what they make for their steps
     * @param ties parameters that they share
     * @param windows of which they run something before the oldest has ended: 1 where they do not overlap
     * @param searches whether what a training window measured says if its step goes on
     */
    public RunStages(int count, StepSums sums, Ties ties, int windows, boolean searches) {
        this(count, sums, ties, windows, searches, 1, count);
    }

    /**
     * {@return the stages of a run}
     *
     * @param spec its pipeline
     */
    public static RunStages of(PipelineSpec spec) {
        int windows = spec.overlap().map(Overlap::windowsInFlight).orElse(1);
        boolean searches = spec.recipe().search().isPresent();
        return new RunStages(
                spec.stages(),
                StepSums.of(spec),
                spec.program(0).ties(),
                windows,
                searches,
                spec.replicas().count(),
                spec.keptStages());
    }

    /** Of all replicas together: what of a run is not kept belongs to each of them. */
    int all() {
        return count * replicas;
    }
}
