package io.ketju.actors.checkpoint;

/** A path that a worker may neither read nor write; the message is one line. */
public final class OutsideRootException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    OutsideRootException(String message) {
        super(message);
    }
}
