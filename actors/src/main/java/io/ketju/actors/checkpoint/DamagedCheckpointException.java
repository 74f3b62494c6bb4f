package io.ketju.actors.checkpoint;

/**
 * A checkpoint's files are not what its manifest says, or its manifest does not fit its folder or its run. The message
 * is one line that names the file.
 */
public final class DamagedCheckpointException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Of what was found.
     *
     * @param message one line that names the file
     */
    public DamagedCheckpointException(String message) {
        super(message);
    }

    /**
     * Of what was thrown on reading.
     *
     * @param message one line that names the file
     * @param cause what was thrown
     */
    public DamagedCheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
