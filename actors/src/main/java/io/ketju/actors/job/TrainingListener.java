package io.ketju.actors.job;

/**
 * Hears of a run. Called from one thread at a time, in order; a slow listener slows the run's reporting, not its
 * stages. An exception thrown here stops the run and is the cause of its failure.
 */
@FunctionalInterface
public interface TrainingListener {
    void on(TrainingEvent event);
}
