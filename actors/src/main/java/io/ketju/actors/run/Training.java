package io.ketju.actors.run;

import io.ketju.actors.job.TrainingResult;

/** A run that has been started. Close it in the end; a closed run leaves no thread behind. */
public interface Training extends AutoCloseable {
    /** Asks for an end at the next step boundary, after a checkpoint. Returns at once; a second call does nothing. */
    void stop(String reason);

    /**
     * Waits for the end.
     *
     * @throws io.ketju.actors.job.TrainingFailedException if the run failed; one line that names the stage and the step
     */
    TrainingResult await();

    /** The trained model, after {@link #await}; closed with this run. */
    TrainedModel model();

    /** Stops the run if it still goes on, without a result, and frees everything. */
    @Override
    void close();
}
