package io.ketju.actors.job;

import java.util.OptionalInt;

/**
 * How often a run takes checkpoints, and how many of them it keeps. A run whose folder is kept ends with one in any case.
 *
 * @param epochs data epochs between checkpoints, at least 1
 * @param steps optimizer steps between further ones, counted from the run's first step; 0: none
 * @param kept the newest ones, at least 1; the best epoch's is kept beside them
 * @param copies optimizer steps between copies in the memory of workers, where there are several; 0: none; empty: as often as they
 *     cost little
 */
public record JobCheckpoints(int epochs, int steps, int kept, OptionalInt copies) {
    /** One after every epoch; the two newest are kept, so that there is another if one turns out damaged. */
    public static final JobCheckpoints USUAL = new JobCheckpoints(1, 0, 2, OptionalInt.empty());

    /**
     * The same with so many data epochs between them.
     *
     * @param value at least 1, which is checked with the job
     * @return a copy
     */
    public JobCheckpoints everyEpochs(int value) {
        return new JobCheckpoints(value, steps, kept, copies);
    }

    /**
     * The same with one after every so many optimizer steps besides.
     *
     * @param value steps; 0: none
     * @return a copy
     */
    public JobCheckpoints everySteps(int value) {
        return new JobCheckpoints(epochs, value, kept, copies);
    }

    /**
     * The same where so many are kept.
     *
     * @param value 1 to {@link JobLimits#CHECKPOINTS}, which is checked with the job
     * @return a copy
     */
    public JobCheckpoints keeping(int value) {
        return new JobCheckpoints(epochs, steps, value, copies);
    }

    /**
     * The same with copies in memory after every so many optimizer steps.
     *
     * @param value steps; 0: none
     * @return a copy
     */
    public JobCheckpoints copyingEvery(int value) {
        return new JobCheckpoints(epochs, steps, kept, OptionalInt.of(value));
    }

    /** Whether a run of so many epochs and steps takes one before it ends. */
    boolean beforeTheEnd(int ofEpochs, long ofSteps) {
        return epochs < ofEpochs || (steps > 0 && steps < ofSteps);
    }

    /** Throws {@link InvalidJobException} naming the number that cannot be. */
    void require() {
        JobChecks.atLeast(JobKey.CHECKPOINT_EPOCHS.path(), epochs, 1);
        JobChecks.atLeast(JobKey.CHECKPOINT_EVERY.path(), steps, 0);
        JobChecks.atLeast(JobKey.CHECKPOINTS_KEPT.path(), kept, 1);
        JobChecks.atMost(JobKey.CHECKPOINTS_KEPT.path(), kept, JobLimits.CHECKPOINTS);
        copies.ifPresent(every -> JobChecks.atLeast(JobKey.COPY_EVERY.path(), every, 0));
    }
}
