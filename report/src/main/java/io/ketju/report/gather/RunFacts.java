package io.ketju.report.gather;

import io.ketju.actors.checkpoint.Checkpoint;
import io.ketju.actors.checkpoint.CheckpointHash;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingResult;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which run it is, and how far it has come.
 *
 * @param job as it was run
 * @param folder where it is kept
 * @param steps optimizer steps taken
 * @param stopReason why it was stopped, if that is known
 * @param stateSha256 of all parameters and optimizer state
 * @param phases where the time went, of a run that has just ended
 */
public record RunFacts(
        TrainingJob job,
        Path folder,
        long steps,
        Optional<String> stopReason,
        String stateSha256,
        Optional<TrainingResult.Phases> phases) {
    /**
     * Of a run that has just ended, or was stopped.
     *
     * @param job as it was run
     * @param folder where it is kept
     * @param result what it ended with
     * @return with where the time went
     */
    public static RunFacts of(TrainingJob job, Path folder, TrainingResult result) {
        return new RunFacts(
                job, folder, result.steps(), result.stopReason(), result.stateSha256(), Optional.of(result.phases()));
    }

    /**
     * Of a run on disk.
     *
     * @param job as it was run
     * @param folder where it is kept
     * @param newest its newest checkpoint
     * @return without where the time went
     */
    public static RunFacts of(TrainingJob job, Path folder, Checkpoint newest) {
        return new RunFacts(job, folder, newest.step(), Optional.empty(), CheckpointHash.of(newest), Optional.empty());
    }

    /**
     * Whether all epochs were done.
     *
     * @return false of a run that was stopped
     */
    public boolean completed() {
        return steps >= job.totalSteps();
    }
}
