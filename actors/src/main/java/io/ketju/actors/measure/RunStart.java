package io.ketju.actors.measure;

import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.run.Training;

/** Starts a run where something is to be measured: in this JVM, or over workers. */
@FunctionalInterface
public interface RunStart {
    /**
     * {@return a run that has begun, as {@code Ketju.start} gives it; the caller closes it}
     *
     * @param job that it trains
     * @param listener hears what happens
     */
    Training start(TrainingJob job, TrainingListener listener);
}
