package io.ketju.protocol.security;

/** Certificates or keys that cannot be used; the message is one line that says which file, why, and what to do. */
public final class InvalidCredentialsException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    /**
     * For what was read and is not as it should be.
     *
     * @param message one line: the file or name, what was expected, what was found, what to do
     */
    public InvalidCredentialsException(String message) {
        super(message);
    }

    /**
     * For what the system or the JDK refused.
     *
     * @param message one line: the file or name, what was expected, what was found, what to do
     * @param cause what was thrown there
     */
    public InvalidCredentialsException(String message, Throwable cause) {
        super(message, cause);
    }
}
