package io.ketju.layers.spec;

import io.ketju.tensor.Excerpt;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The things of one kind that can be written as {@link Spec}, by name. Immutable.
 *
 * @param <T> what a spec is read as
 */
public final class Registry<T> {
    /** So many names an error can list. */
    private static final int LISTED = 30;

    private final String kind;
    private final List<Entry<? extends T>> entries;
    private final SortedMap<String, Entry<? extends T>> byName = new TreeMap<>();

    /**
     * @param kind what errors call it: {@code layer}
     * @param entries in the order of pages
     */
    public Registry(String kind, List<Entry<? extends T>> entries) {
        this(kind, entries, List.of());
    }

    /**
     * @param own those of programs, which are read like the others and are on no page
     */
    public Registry(String kind, List<Entry<? extends T>> entries, List<Entry<T>> own) {
        this.kind = kind;
        this.entries = List.copyOf(entries);
        List<Entry<? extends T>> all = new ArrayList<>(entries);
        all.addAll(own);
        for (Entry<? extends T> entry : all) {
            if (byName.put(entry.description().name(), entry) != null) {
                throw new IllegalArgumentException(
                        kind + " " + entry.description().name() + " is registered twice");
            }
        }
    }

    /** All names, sorted. */
    public SortedSet<String> names() {
        return Collections.unmodifiableSortedSet(new TreeSet<>(byName.keySet()));
    }

    /** What is to be known of each, in the order of pages. */
    public List<Description> descriptions() {
        return entries.stream().<Description>map(Entry::description).toList();
    }

    /** Reads a text; throws {@link IllegalArgumentException} with the nearest name, or the known ones, if its name is none. */
    public T parse(String text) {
        Spec spec = Spec.parse(text);
        Entry<? extends T> entry = byName.get(spec.name());
        if (entry == null && spec.name().endsWith("_")) {
            String name = spec.name().substring(0, spec.name().length() - 1); // torch.nn.init.zeros_
            spec = new Spec(name, spec.positional(), spec.named());
            entry = byName.get(name);
        }
        if (entry == null) {
            throw new IllegalArgumentException(unknown(kind, spec.name(), names()));
        }
        return entry.read(spec);
    }

    /** The line about a name that there is not: {@code unknown layer 'Linaer'; did you mean 'Linear'?}. */
    public static String unknown(String kind, String written, SortedSet<String> known) {
        String hint = NearestName.hint(written, known);
        String listed = known.size() <= LISTED
                ? "; known: " + String.join(", ", known)
                : "; there are " + known.size() + ", from " + known.first() + " to " + known.last();
        return "unknown " + kind + " '" + Excerpt.of(written) + "'" + (hint.isEmpty() ? listed : hint);
    }
}
