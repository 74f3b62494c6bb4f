package io.ketju.actors.job;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How a run ended.
 *
 * @param steps optimizer steps taken in all, those before a resume included
 * @param completed whether all epochs were done; false after a stop on request
 * @param stopReason why it was stopped, if it was
 * @param trainLoss mean of the last data epoch; empty if this start of the run finished none
 * @param trainAccuracy of the same; empty for a loss without classes, too
 * @param testLoss mean over the test samples in the last evaluation: of a completed run with the final weights; empty
 *     if there was none
 * @param testAccuracy share of the test samples classified correctly; empty for a loss without classes, too
 * @param stateSha256 SHA-256 (hex) of all parameters and optimizer state: equal runs have equal hashes
 * @param phases where the time went
 * @param runDirectory where the run was saved, if it was
 */
public record TrainingResult(
        long steps,
        boolean completed,
        Optional<String> stopReason,
        OptionalDouble trainLoss,
        OptionalDouble trainAccuracy,
        OptionalDouble testLoss,
        OptionalDouble testAccuracy,
        String stateSha256,
        Phases phases,
        Optional<Path> runDirectory) {

    /**
     * Wall time per phase.
     *
     * @param start until all stages were connected
     * @param train from the first grant to the last step, evaluation and checkpoints excepted
     * @param evaluate evaluation after the epochs
     * @param checkpoint waiting for checkpoints
     */
    public record Phases(Duration start, Duration train, Duration evaluate, Duration checkpoint) {
        public Duration total() {
            return start.plus(train).plus(evaluate).plus(checkpoint);
        }
    }
}
