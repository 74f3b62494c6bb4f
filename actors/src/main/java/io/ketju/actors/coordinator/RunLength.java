package io.ketju.actors.coordinator;

import io.ketju.actors.job.TrainingJob;
import io.ketju.data.BatchSource;

/**
 * The numbers that decide the order of windows.
 *
 * @param objectives windows of one step: one for each of the recipe's objectives; 1 where there are none
 * @param trainBatches mini-batches of one data epoch, at least 1
 * @param testBatches mini-batches evaluated after each data epoch; 0: none
 * @param epochs data epochs of the whole run
 * @param checkpointEpochs data epochs between checkpoints; 0: none at the ends of epochs
 * @param checkpointSteps optimizer steps between checkpoints, beside those at the ends of epochs; 0: none
 * @param behind whether training goes on while a checkpoint is written
 * @param overlaps whether the training windows of a data epoch overlap
 * @param searches whether what a window measured says if its step goes on with another of the same mini-batch
 */
public record RunLength(
        int objectives,
        int trainBatches,
        int testBatches,
        int epochs,
        int checkpointEpochs,
        int checkpointSteps,
        boolean behind,
        boolean overlaps,
        boolean searches) {
    /**
     * Where windows neither overlap nor search, checkpoints are at the ends of epochs alone, and training goes on while one is written.
     *
     * @param objectives windows of one step, at least 1
     * @param trainBatches mini-batches of one data epoch, at least 1
     * @param testBatches mini-batches evaluated after each data epoch; 0: none
     * @param epochs data epochs of the whole run
     * @param checkpointEpochs data epochs between checkpoints; 0: none
     */
    public RunLength(int objectives, int trainBatches, int testBatches, int epochs, int checkpointEpochs) {
        this(objectives, trainBatches, testBatches, epochs, checkpointEpochs, 0, true, false, false);
    }

    /**
     * {@return the length of a job's whole run} Without a run directory there is nothing to come back to: one checkpoint at the end
     * carries the weights out. Where test sentences are translated after each epoch, that is done by the weights of a checkpoint.
     *
     * @param job that trains over its data
     */
    public static RunLength of(TrainingJob job) {
        return new RunLength(
                Math.max(1, job.pipeline().recipe().objectives().size()),
                job.stepsPerEpoch(),
                job.test().map(BatchSource::stepsPerEpoch).orElse(0),
                job.epochs(),
                job.translates() ? 1 : job.kept() ? job.checkpoints().epochs() : job.epochs(),
                job.kept() ? job.checkpoints().steps() : 0,
                job.writesBehind(),
                job.pipeline().overlap().isPresent(),
                job.pipeline().recipe().search().isPresent());
    }

    /** {@return optimizer steps of the whole run} */
    public long totalSteps() {
        return (long) trainBatches * epochs;
    }
}
