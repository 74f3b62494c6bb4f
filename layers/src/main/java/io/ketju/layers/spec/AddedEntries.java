package io.ketju.layers.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.function.UnaryOperator;

/**
 * What jars add to the things of one kind.
 *
 * @param <T> what a spec is read as
 * @param entries in the order of the class path
 * @param fault why a jar could not be read, for whoever reads a spec: registries are made where classes are loaded, and an exception
 *     there would reach users as an {@link ExceptionInInitializerError}
 */
public record AddedEntries<T>(List<Added<T>> entries, Optional<String> fault) {
    /**
     * One of them.
     *
     * @param <T> what a spec is read as
     * @param entry how it is read
     * @param source the jar or folder that it is from
     */
    public record Added<T>(Entry<T> entry, String source) {}

    /** Copies the list. */
    public AddedEntries {
        entries = List.copyOf(entries);
    }

    static <T> AddedEntries<T> of(Class<? extends OwnEntries<T>> service) {
        List<Added<T>> entries = new ArrayList<>();
        try {
            ServiceLoader.load(service).stream().forEach(found -> {
                String source = source(found.type());
                found.get().entries().forEach(entry -> entries.add(new Added<>(entry, source)));
            });
        } catch (ServiceConfigurationError e) {
            return new AddedEntries<>(entries, Optional.of(reason(e)));
        }
        return new AddedEntries<>(entries, Optional.empty());
    }

    private static String reason(ServiceConfigurationError error) {
        return "a jar on the class path cannot be read: " + error.getMessage()
                + (error.getCause() == null ? "" : " (" + error.getCause() + ")");
    }

    private static String source(Class<?> type) {
        var code = type.getProtectionDomain().getCodeSource();
        return code == null || code.getLocation() == null
                ? type.getName()
                : code.getLocation().getPath();
    }

    /**
     * The same with something done to each entry.
     *
     * @param change applied to each
     * @return as many entries, from the same jars
     */
    public AddedEntries<T> map(UnaryOperator<Entry<T>> change) {
        return new AddedEntries<>(
                entries.stream()
                        .map(added -> new Added<>(change.apply(added.entry()), added.source()))
                        .toList(),
                fault);
    }
}
