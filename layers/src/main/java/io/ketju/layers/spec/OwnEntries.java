package io.ketju.layers.spec;

import java.util.List;
import java.util.ServiceLoader;

/**
 * Things of a program's own that job files and worker processes can read beside Ketju's: found by {@link ServiceLoader} in every
 * jar of the class path. Who trains over several processes has the jar on the class path of all of them.
 *
 * @param <T> what a spec is read as
 */
public interface OwnEntries<T> {
    /** With names that nobody else has. */
    List<Entry<T>> entries();

    /** Of all that are found. */
    static <T> List<Entry<T>> found(Class<? extends OwnEntries<T>> service) {
        return ServiceLoader.load(service).stream()
                .flatMap(found -> found.get().entries().stream())
                .toList();
    }
}
