package io.ketju.layers;

import io.ketju.tensor.Excerpt;
import java.util.Collections;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The things of one kind that can be written as {@link Spec}, by name. Immutable.
 *
 * @param <T> what a spec is read as
 */
public final class SpecRegistry<T> {
    private final String kind;
    private final Map<String, Function<Spec, T>> parsers;

    /**
     * @param kind what errors call it: {@code layer}
     * @param parsers by name
     */
    public SpecRegistry(String kind, Map<String, Function<Spec, T>> parsers) {
        this.kind = kind;
        this.parsers = new TreeMap<>(parsers);
    }

    /** All names, sorted. */
    public SortedSet<String> names() {
        return Collections.unmodifiableSortedSet(new TreeSet<>(parsers.keySet()));
    }

    /** Reads a text; throws {@link IllegalArgumentException} listing the known names if its name is none of them. */
    public T parse(String text) {
        Spec spec = Spec.parse(text);
        Function<Spec, T> parser = parsers.get(spec.name());
        if (parser == null) {
            throw new IllegalArgumentException("unknown " + kind + " '" + Excerpt.of(spec.name()) + "'; known: "
                    + String.join(", ", parsers.keySet()));
        }
        return parser.apply(spec);
    }
}
