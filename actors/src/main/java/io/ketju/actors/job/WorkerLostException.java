package io.ketju.actors.job;

/**
 * A run failed because a worker, or its connection, is gone. Nothing is wrong with the job: the run can be resumed from
 * its newest checkpoint, with the workers that are left or with others. The message is one line that names the worker,
 * its stages and the step.
 */
public final class WorkerLostException extends TrainingFailedException {
    private static final long serialVersionUID = 1L;

    /**
     * One that is {@link #resumable}.
     *
     * @param message one line that names the worker, its stages and the step
     */
    public WorkerLostException(String message) {
        super(message, null, true);
    }
}
