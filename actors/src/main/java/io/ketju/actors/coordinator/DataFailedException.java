package io.ketju.actors.coordinator;

import io.ketju.data.BadDataException;

/** The targets of a window could not be read, or do not count. */
final class DataFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Throwable thrown;

    DataFailedException(Throwable thrown) {
        super(line(thrown), thrown);
        this.thrown = thrown;
    }

    private static String line(Throwable thrown) {
        boolean plain = thrown instanceof BadDataException || thrown instanceof IllegalArgumentException;
        return String.valueOf(plain ? thrown.getMessage() : thrown.toString());
    }

    /** What the data set or the loss threw. */
    Throwable thrown() {
        return thrown;
    }
}
