package io.ketju.layers.spec;

import java.util.function.Function;

/**
 * A thing of a {@link Registry}.
 *
 * @param <T> what it is read as
 * @param description what is to be known of it, its name among it
 * @param reader makes it of its arguments; the name of the spec is not looked at
 */
public record Entry<T>(Description description, Function<Spec, T> reader) {
    /**
     * Makes the thing.
     *
     * @param spec its arguments
     * @return a new thing, or the one that there always is
     * @throws IllegalArgumentException if the arguments are wrong, saying which and what was expected
     */
    public T read(Spec spec) {
        return reader.apply(spec);
    }
}
