package io.ketju.examples;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.tensor.Excerpt;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The folder of one run of an example; it is taken away again if nothing came to be in it. */
final class ExampleFolder implements AutoCloseable {
    private static final Path RUNS = Path.of("runs");

    private final Path path;

    private ExampleFolder(Path path) {
        this.path = path;
    }

    /** The folder that was named, which must be absent or empty, or the first free {@code runs/example-<name>-<number>}. */
    static ExampleFolder of(String example, @Nullable String named) {
        try {
            return new ExampleFolder(named == null ? free(example) : usable(Path.of(named)));
        } catch (InvalidPathException | IOException e) {
            throw new InvalidJobException(
                    "run directory " + Excerpt.ofPath(named == null ? RUNS.toString() : named) + ": cannot be made: "
                            + e.getMessage() + "; choose another with --run-dir",
                    e);
        }
    }

    private static Path free(String example) throws IOException {
        Files.createDirectories(RUNS);
        int number = 1;
        while (true) {
            try {
                return Files.createDirectory(RUNS.resolve("example-" + example + "-" + number));
            } catch (FileAlreadyExistsException e) {
                number++;
            }
        }
    }

    private static Path usable(Path named) throws IOException {
        Files.createDirectories(named);
        try (Stream<Path> files = Files.list(named)) {
            if (files.findAny().isPresent()) {
                throw new InvalidJobException("--run-dir: expected a folder that is absent or empty, found files in "
                        + Excerpt.ofPath(named.toString()));
            }
        }
        return named;
    }

    Path path() {
        return path;
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // There is something in it.
        }
    }
}
