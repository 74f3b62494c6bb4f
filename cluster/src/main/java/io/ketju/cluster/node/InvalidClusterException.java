package io.ketju.cluster.node;

/** A node cannot take part in a cluster as asked. The message is one line; nothing was started. */
public final class InvalidClusterException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * Says what is wrong with what was asked.
     *
     * @param message one line: what was expected, what was found
     */
    public InvalidClusterException(String message) {
        super(message);
    }

    /**
     * Says what is wrong, and why.
     *
     * @param message one line: what was expected, what was found
     * @param cause what was thrown
     */
    public InvalidClusterException(String message, Throwable cause) {
        super(message, cause);
    }
}
