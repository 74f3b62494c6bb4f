package io.ketju.layers.spec;

import java.util.List;

/**
 * Things of a program's own that job files and worker processes can read beside Ketju's: found by {@link java.util.ServiceLoader} in
 * every jar of the class path. Who trains over several processes has the jar on the class path of all of them.
 *
 * @param <T> what a spec is read as
 */
public interface OwnEntries<T> {
    /**
     * What this class adds.
     *
     * @return with names that nobody else has: one that is taken makes every reading of such things an error that names the jar
     */
    List<Entry<T>> entries();

    /**
     * Reads all that jars add. A jar that cannot be read is no error here, where a class is being loaded, but of whoever reads a spec.
     *
     * @param <T> what a spec is read as
     * @param service the interface whose name {@code META-INF/services} has
     * @return what is found, in the order of the class path
     */
    static <T> AddedEntries<T> found(Class<? extends OwnEntries<T>> service) {
        return AddedEntries.of(service);
    }
}
