package io.ketju.actors.job;

import io.ketju.layers.model.HeadMetric;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How a run ended.
 *
 * @param steps optimizer steps taken in all, those before a resume included
 * @param completed whether all epochs were done, or early stopping ended the run; false after a stop on request
 * @param stopReason why it was stopped, if it was
 * @param train mean loss and metrics of the last data epoch; nothing if this start of the run finished none
 * @param test mean loss and metrics of the test samples in the last evaluation: of a completed run with the final weights;
 *     nothing if there was none
 * @param best which epoch was the best, of a job that looks for it
 * @param stateSha256 SHA-256 (hex) of all parameters and optimizer state: equal runs have equal hashes
 * @param phases where the time went
 * @param runDirectory where the run was saved, if it was
 */
public record TrainingResult(
        long steps,
        boolean completed,
        Optional<String> stopReason,
        Measured train,
        Measured test,
        Optional<BestEpoch> best,
        String stateSha256,
        Phases phases,
        Optional<Path> runDirectory) {
    /**
     * Of a job that looks for no best epoch.
     *
     * @param steps optimizer steps taken in all, those before a resume included
     * @param completed whether all epochs were done
     * @param stopReason why it was stopped, if it was
     * @param train mean loss and metrics of the last data epoch
     * @param test mean loss and metrics of the test samples in the last evaluation
     * @param stateSha256 SHA-256 (hex) of all parameters and optimizer state
     * @param phases where the time went
     * @param runDirectory where the run was saved, if it was
     */
    public TrainingResult(
            long steps,
            boolean completed,
            Optional<String> stopReason,
            Measured train,
            Measured test,
            String stateSha256,
            Phases phases,
            Optional<Path> runDirectory) {
        this(steps, completed, stopReason, train, test, Optional.empty(), stateSha256, phases, runDirectory);
    }

    /** {@return mean training loss of the last data epoch, each sample before its step; empty if none was finished} */
    public OptionalDouble trainLoss() {
        return train.get(HeadMetric.LOSS);
    }

    /** {@return mean test loss of the last evaluation; empty if there was none} */
    public OptionalDouble testLoss() {
        return test.get(HeadMetric.LOSS);
    }

    /**
     * Wall time per phase.
     *
     * @param start until all stages were connected
     * @param train from the first grant to the last step, evaluation and checkpoints excepted
     * @param evaluate evaluation after the epochs
     * @param checkpoint waiting for checkpoints
     */
    public record Phases(Duration start, Duration train, Duration evaluate, Duration checkpoint) {
        /** {@return all four together} */
        public Duration total() {
            return start.plus(train).plus(evaluate).plus(checkpoint);
        }
    }
}
