package io.ketju.actors.checkpoint;

/** A checkpoint is sound, but of another job or another arithmetic. The message is one line with what to do. */
public final class ForeignCheckpointException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Of a checkpoint whose files are sound.
     *
     * @param message one line that says what to do
     */
    public ForeignCheckpointException(String message) {
        super(message);
    }
}
