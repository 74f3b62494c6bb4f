package io.ketju.actors.coordinator;

/** A listener threw; the message says on which event. */
final class ListenerFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Throwable thrown;

    ListenerFailedException(String event, Throwable thrown) {
        super("a listener failed on " + event + ": " + thrown, thrown);
        this.thrown = thrown;
    }

    /** What the listener threw. */
    Throwable thrown() {
        return thrown;
    }
}
