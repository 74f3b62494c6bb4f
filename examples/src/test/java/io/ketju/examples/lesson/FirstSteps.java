package io.ketju.examples.lesson;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.Repartition;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.run.Training;
import io.ketju.testkit.FirstBatches;

/** What an example's run begins with, at the rates of the whole run. */
public final class FirstSteps {
    private static final int STEPS = 50;

    private FirstSteps() {}

    /** The first 50 steps of a job of two stages give one state on one stage, on two, on three, and in two processes. */
    public static void requireSameBits(TrainingJob job) {
        String one = state(Ketju.start(FirstBatches.of(new Repartition.Stages(1).of(job), STEPS)));
        assertThat(state(Ketju.start(FirstBatches.of(job, STEPS))))
                .as("2 stages")
                .isEqualTo(one);
        assertThat(state(Ketju.start(FirstBatches.of(new Repartition.Stages(3).of(job), STEPS))))
                .as("3 stages")
                .isEqualTo(one);
        try (TwoWorkers workers = new TwoWorkers()) {
            assertThat(state(workers.start(FirstBatches.of(job, STEPS))))
                    .as("2 processes")
                    .isEqualTo(one);
        }
    }

    private static String state(Training training) {
        try (training) {
            return training.await().stateSha256();
        }
    }
}
