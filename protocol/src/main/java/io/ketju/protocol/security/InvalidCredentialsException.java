package io.ketju.protocol.security;

/** Certificates or keys that cannot be used; the message is one line that says which file, why, and what to do. */
public final class InvalidCredentialsException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    public InvalidCredentialsException(String message) {
        super(message);
    }

    public InvalidCredentialsException(String message, Throwable cause) {
        super(message, cause);
    }
}
