package io.ketju.layers.spec;

import java.util.Optional;

/**
 * One argument of a thing that is written as {@link Spec}.
 *
 * @param name as in PyTorch: {@code kernel_size}
 * @param passing how it may be written
 * @param presence what holds where it is not written
 * @param shown the default as a signature shows it, empty if the argument is required
 * @param about what it is, in a few words
 */
public record Argument(String name, Passing passing, Presence presence, String shown, String about) {
    /** How an argument may be written. */
    public enum Passing {
        /** With its name or without, in its place. */
        PLACE_OR_NAME,
        /** With its name. */
        NAME
    }

    /** What holds where an argument is not written. */
    public enum Presence {
        /** It has to be written. */
        REQUIRED,
        /** It is what the signature shows. */
        DEFAULT,
        /** It is what the signature shows, and Python's {@code None} says so, too. */
        DEFAULT_OR_NONE,
        /** There is none, or it follows from others. */
        ABSENT
    }

    /** The value where none is written. */
    Optional<String> defaultValue() {
        return presence == Presence.DEFAULT || presence == Presence.DEFAULT_OR_NONE
                ? Optional.of(shown)
                : Optional.empty();
    }

    /** {@code bias=true}, or {@code in_features}. */
    @Override
    public String toString() {
        return presence == Presence.REQUIRED ? name : name + "=" + shown;
    }
}
