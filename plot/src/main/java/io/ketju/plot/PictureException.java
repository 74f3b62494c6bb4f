package io.ketju.plot;

/** A picture that cannot be made or written: one line that says which, why and what to do. */
public final class PictureException extends RuntimeException {
    private static final long serialVersionUID = 1;

    PictureException(String line, Throwable cause) {
        super(line, cause);
    }
}
