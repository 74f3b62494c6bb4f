package io.ketju.layers.spec;

import io.ketju.tensor.Excerpt;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private final Optional<String> fault;

    /**
     * Of Ketju's own things alone.
     *
     * @param kind what errors call it: {@code layer}
     * @param entries in the order of pages; throws {@link IllegalArgumentException} if two have the same name
     */
    public Registry(String kind, List<Entry<? extends T>> entries) {
        this(kind, entries, new AddedEntries<>(List.of(), Optional.empty()));
    }

    /**
     * With those of programs.
     *
     * @param kind what errors call it: {@code layer}
     * @param entries in the order of pages; throws {@link IllegalArgumentException} if two have the same name
     * @param added those of programs, which are read like the others and are on no page; one whose name is taken, or a jar that cannot
     *     be read, is told of by {@link #parse}
     */
    public Registry(String kind, List<Entry<? extends T>> entries, AddedEntries<T> added) {
        this.kind = kind;
        this.entries = List.copyOf(entries);
        for (Entry<? extends T> entry : entries) {
            if (byName.put(entry.description().name(), entry) != null) {
                throw new IllegalArgumentException(
                        kind + " " + entry.description().name() + " is registered twice");
            }
        }
        Optional<String> taken = add(added.entries());
        fault = added.fault().or(() -> taken);
    }

    /** Which name is taken, if one is. */
    private Optional<String> add(List<AddedEntries.Added<T>> added) {
        Map<String, String> sources = new LinkedHashMap<>();
        Optional<String> taken = Optional.empty();
        for (AddedEntries.Added<T> own : added) {
            String name = own.entry().description().name();
            if (byName.putIfAbsent(name, own.entry()) == null) {
                sources.put(name, own.source());
            } else if (taken.isEmpty()) {
                taken = Optional.of(kind + " " + name + " is registered twice: by "
                        + sources.getOrDefault(name, "Ketju") + " and by " + own.source() + "; choose another name");
            }
        }
        return taken;
    }

    /** {@return all names, sorted, those of programs among them; a copy that cannot be changed} */
    public SortedSet<String> names() {
        return Collections.unmodifiableSortedSet(new TreeSet<>(byName.keySet()));
    }

    /** {@return what is to be known of each of Ketju's own, in the order of pages} */
    public List<Description> descriptions() {
        return entries.stream().<Description>map(Entry::description).toList();
    }

    /**
     * Reads a text.
     *
     * @param text name and arguments: {@code Conv2d(1, 6, kernel_size=5)}
     * @return what it names; throws {@link IllegalArgumentException} with the nearest name, or the known ones, if its name is none, with
     *     the jar where one has a name that is taken or cannot be read, or with what is wrong with the arguments
     */
    public T parse(String text) {
        if (fault.isPresent()) {
            throw new IllegalArgumentException(fault.get());
        }
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

    /**
     * {@return the line about a name that there is not, {@code unknown layer 'Linaer'; did you mean 'Linear'?}; where none is near, it
     * lists the known ones, or says how many there are}
     *
     * @param kind what the line calls it: {@code layer}
     * @param written a name that is none of the known
     * @param known the names that there are
     */
    public static String unknown(String kind, String written, SortedSet<String> known) {
        String hint = NearestName.hint(written, known);
        String listed = known.size() <= LISTED
                ? "; known: " + String.join(", ", known)
                : "; there are " + known.size() + ", from " + known.first() + " to " + known.last();
        return "unknown " + kind + " '" + Excerpt.of(written) + "'" + (hint.isEmpty() ? listed : hint);
    }
}
