package io.ketju.actors.piece;

import java.io.IOException;

/** A file that came in pieces is not what was sent, or not whole; the message is one line. */
public final class BrokenFileException extends IOException {
    /**
     * One that has no cause.
     *
     * @param line what was expected, and what was found
     */
    public BrokenFileException(String line) {
        super(line);
    }
}
