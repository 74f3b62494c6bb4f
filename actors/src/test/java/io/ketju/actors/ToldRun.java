package io.ketju.actors;

import io.ketju.actors.job.JobBuilder;
import io.ketju.actors.job.Measured;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.run.Training;
import java.util.ArrayList;
import java.util.List;

/**
 * What a run tells, without times.
 *
 * @param steps of every step
 * @param epochs of the training samples, by epoch
 * @param tests of the test samples, by epoch
 */
record ToldRun(List<Measured> steps, List<Measured> epochs, List<Measured> tests, String stateSha256) {
    /** Of a run to its end, in this JVM. */
    static ToldRun of(JobBuilder job) {
        List<Measured> steps = new ArrayList<>();
        List<Measured> epochs = new ArrayList<>();
        List<Measured> tests = new ArrayList<>();
        try (Training training = Ketju.start(job.build(), event -> {
            if (event instanceof TrainingEvent.StepFinished step) {
                steps.add(step.metrics());
            } else if (event instanceof TrainingEvent.EpochFinished epoch) {
                epochs.add(epoch.train());
                tests.add(epoch.test());
            }
        })) {
            return new ToldRun(steps, epochs, tests, training.await().stateSha256());
        }
    }
}
