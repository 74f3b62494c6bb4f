package io.ketju.actors.coordinator;

import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.partition.Ties;
import io.ketju.pipeline.schedule.Overlap;
import io.ketju.pipeline.schedule.Replicas;
import io.ketju.pipeline.stage.StepSums;

/**
 * The stages of a run, as whoever directs it has to know them.
 *
 * @param sums adds up what they make for their steps
 * @param ties parameters that they share
 * @param windows of which they run something before the oldest has ended: 1 where they do not overlap
 * @param searches whether what a training window measured says if its step goes on
 * @param replicas how many there are of each, and who has which micro-batch
 * @param kept of all of them, the first ones, those that have something of what is kept
 */
public record RunStages(StepSums sums, Ties ties, int windows, boolean searches, Replicas replicas, int kept) {
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
        this(sums, ties, windows, searches, Replicas.alone(count), count);
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
                StepSums.of(spec), spec.program(0).ties(), windows, searches, spec.replicas(), spec.keptStages());
    }

    /** Of all replicas together: what of a run is not kept belongs to each of them. */
    int all() {
        return replicas.counts().all();
    }
}
