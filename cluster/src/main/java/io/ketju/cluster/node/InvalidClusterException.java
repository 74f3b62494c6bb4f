package io.ketju.cluster.node;

/** A node cannot take part in a cluster as asked. The message is one line; nothing was started. */
public final class InvalidClusterException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidClusterException(String message) {
        super(message);
    }

    public InvalidClusterException(String message, Throwable cause) {
        super(message, cause);
    }
}
