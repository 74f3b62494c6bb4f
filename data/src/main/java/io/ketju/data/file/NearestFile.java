package io.ketju.data.file;

import io.ketju.tensor.Excerpt;
import io.ketju.tensor.NearWord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Finds the file that was probably meant by the path of one that is not there. */
public final class NearestFile {
    /** Most entries of a folder that are looked at: a mistake is answered at once, however large the folder. */
    private static final int MOST = 10_000;

    private NearestFile() {}

    /**
     * {@return the path of what lies beside the missing one and has a {@linkplain NearWord#of near} name, written as that was; empty
     * if there is none, or its folder cannot be read}
     *
     * @param missing where nothing is
     * @param meant what may be meant: for instance {@code Files::isRegularFile}
     */
    public static Optional<String> of(Path missing, Predicate<Path> meant) {
        Path name = missing.getFileName();
        if (name == null) {
            return Optional.empty();
        }
        Path parent = missing.getParent();
        try (Stream<Path> beside = Files.list(parent == null ? Path.of("") : parent)) {
            List<String> names = beside.limit(MOST)
                    .filter(meant)
                    .map(file -> String.valueOf(file.getFileName()))
                    .toList();
            return NearWord.of(name.toString(), names).map(near -> Excerpt.ofPath(missing.resolveSibling(near)));
        } catch (IOException | UncheckedIOException e) {
            return Optional.empty();
        }
    }

    /**
     * {@return {@code ; did you mean 'jobs/mnist.conf'?} to be put behind a message, or an empty text}
     *
     * @param missing where nothing is
     * @param meant what may be meant
     */
    public static String hint(Path missing, Predicate<Path> meant) {
        return NearWord.hint(of(missing, meant));
    }
}
