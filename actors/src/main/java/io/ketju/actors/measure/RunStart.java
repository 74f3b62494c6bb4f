package io.ketju.actors.measure;

import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.run.Training;

/** Starts a run where something is to be measured: in this JVM, or over workers. */
@FunctionalInterface
public interface RunStart {
    /** As {@code Ketju.start} does. */
    Training start(TrainingJob job, TrainingListener listener);
}
