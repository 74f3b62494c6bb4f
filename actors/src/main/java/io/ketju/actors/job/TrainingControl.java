package io.ketju.actors.job;

/** What may be done to a run while it goes on: from any thread, a listener's too. */
public interface TrainingControl {
    /**
     * Asks for an end at the next step boundary, after a checkpoint. Returns at once; a second call does nothing, nor
     * does one after the end.
     *
     * @param reason what the result says about it
     */
    void stop(String reason);
}
