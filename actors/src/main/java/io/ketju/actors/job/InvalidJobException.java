package io.ketju.actors.job;

/**
 * The job cannot run as it is described. The message is one line: what, where, expected, found, what to do. Thrown
 * before anything starts: no port is open, no file is written.
 */
public final class InvalidJobException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public InvalidJobException(String message) {
        super(message);
    }

    public InvalidJobException(String message, Throwable cause) {
        super(message, cause);
    }
}
