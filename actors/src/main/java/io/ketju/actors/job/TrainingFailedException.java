package io.ketju.actors.job;

import org.jspecify.annotations.Nullable;

/**
 * A run failed after it had started. The message is one line that says when, where and why. If a layer, loss, data set or
 * listener threw in this JVM, the cause is that very exception; what was thrown in another JVM is only named in the
 * message, and stands in that JVM's log.
 */
public class TrainingFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean resumable;

    /**
     * One that is not {@link #resumable}, of which nothing was thrown in this JVM.
     *
     * @param message one line that says when, where and why
     */
    public TrainingFailedException(String message) {
        this(message, null, false);
    }

    /**
     * One that is not {@link #resumable}.
     *
     * @param message one line that says when, where and why
     * @param cause what was thrown in this JVM; null: nothing
     */
    public TrainingFailedException(String message, @Nullable Throwable cause) {
        this(message, cause, false);
    }

    /**
     * One of which all is known.
     *
     * @param message one line that says when, where and why
     * @param cause what was thrown in this JVM; null: nothing
     * @param resumable whether the same run, resumed as it is, may well succeed
     */
    public TrainingFailedException(String message, @Nullable Throwable cause, boolean resumable) {
        super(message, cause);
        this.resumable = resumable;
    }

    /** {@return whether nothing of the job itself is known to be wrong: the same run, resumed as it is, may well succeed} */
    public final boolean resumable() {
        return resumable;
    }
}
