package io.ketju.deploy.command;

import io.ketju.actors.job.TrainingFailedException;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.WorkerLostException;

/**
 * How a run that lost a worker goes on.
 *
 * @param flags what the command needs beside {@code --resume RUN}, with a space before each; empty: nothing
 */
record ResumeCommand(String flags) {
    /** In this JVM alone, which serves every run. */
    static final ResumeCommand HERE = new ResumeCommand("");

    /** The failure of a lost worker with the command that goes on; a run that is not kept has none. */
    TrainingFailedException suggestedIn(WorkerLostException failure, TrainingJob job) {
        String next = job.runDirectory()
                .map(run -> "; go on with ./ketju train --resume " + run + flags)
                .orElse("");
        return new TrainingFailedException(failure.getMessage() + next, failure);
    }
}
