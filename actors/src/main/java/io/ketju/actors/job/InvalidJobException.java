package io.ketju.actors.job;

/**
 * The job cannot run as it is described. The message is one line: what, where, expected, found, what to do. Thrown
 * before anything starts: no port is open, no file is written.
 */
public final class InvalidJobException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /**
     * Of what was found.
     *
     * @param message one line
     */
    public InvalidJobException(String message) {
        super(message);
    }

    /**
     * Of what was thrown when it was looked at.
     *
     * @param message one line
     * @param cause what was thrown
     */
    public InvalidJobException(String message, Throwable cause) {
        super(message, cause);
    }
}
