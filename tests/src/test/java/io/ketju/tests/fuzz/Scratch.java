package io.ketju.tests.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** Files for readers that take nothing else: each name has a folder of its own, in memory if the machine has such a place. */
final class Scratch {
    private static final Map<String, Path> FOLDERS = new ConcurrentHashMap<>();

    private Scratch() {}

    /** The file of this name, with this content. */
    static Path file(String name, byte[] content) throws IOException {
        Path folder = FOLDERS.computeIfAbsent(name, Scratch::made);
        Path file = folder.resolve(name);
        Files.write(file, content);
        return file;
    }

    /** The folder that such a file is in. */
    static Path folder(Path file) {
        return Objects.requireNonNull(file.getParent());
    }

    private static Path made(String name) {
        Path memory = Path.of("/dev/shm");
        try {
            Path folder = Files.isWritable(memory)
                    ? Files.createTempDirectory(memory, "ketju-fuzz-")
                    : Files.createTempDirectory("ketju-fuzz-");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(folder)));
            return folder;
        } catch (IOException e) {
            throw new UncheckedIOException("no folder for " + name, e);
        }
    }

    private static void remove(Path folder) {
        try (var files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            return; // a folder of the machine's memory that is left
        }
    }
}
