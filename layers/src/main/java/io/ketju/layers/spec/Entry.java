package io.ketju.layers.spec;

import java.util.function.Function;

/**
 * A thing of a {@link Registry}: what is to be known of it, and what makes it of its arguments.
 *
 * @param <T> what it is read as
 */
public record Entry<T>(Description description, Function<Spec, T> reader) {
    /** Throws {@link IllegalArgumentException} saying what is wrong with the arguments. */
    public T read(Spec spec) {
        return reader.apply(spec);
    }
}
