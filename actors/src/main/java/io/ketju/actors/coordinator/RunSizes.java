package io.ketju.actors.coordinator;

import io.ketju.actors.job.TrainingJob;

/**
 * The numbers that decide the order of windows.
 *
 * @param trainSamples samples of one data epoch, at least 1
 * @param testSamples samples evaluated after each data epoch; 0: none
 * @param checkpointEpochs data epochs between checkpoints; 0: none at all
 */
public record RunSizes(
        int trainSamples, int testSamples, int batchSize, int microbatches, int epochs, int checkpointEpochs) {

    /** Without a run directory there is nothing to come back to: one checkpoint at the end carries the weights out. */
    public static RunSizes of(TrainingJob job) {
        boolean kept = job.runDirectory().isPresent() || job.resume().isPresent();
        return new RunSizes(
                job.data().train().size(),
                job.data().test().size(),
                job.batchSize(),
                job.microbatches(),
                job.epochs(),
                kept ? job.checkpointEpochs() : job.epochs());
    }

    public int stepsPerEpoch() {
        return Math.ceilDiv(trainSamples, batchSize);
    }

    public long totalSteps() {
        return (long) stepsPerEpoch() * epochs;
    }
}
