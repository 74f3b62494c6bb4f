package io.ketju.actors.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Removes the folder of a run. A worker that does not know yet that the run is over may still write its shard into it: then it is
 * tried again, for as long as such a worker lives.
 */
final class FolderRemoval {
    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private FolderRemoval() {}

    /**
     * Removes a folder with all that is in it; links are removed and not followed.
     *
     * @param last names of files in it that go when nothing else is left: they tell what the folder is
     */
    static void remove(Path folder, Set<String> last) throws IOException {
        long begun = System.nanoTime();
        while (true) {
            try {
                removeOnce(folder, last);
                return;
            } catch (DirectoryNotEmptyException | NoSuchFileException e) {
                if (System.nanoTime() - begun > PATIENCE.toNanos()) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private static void removeOnce(Path folder, Set<String> last) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        Comparator<Path> deepestFirst =
                Comparator.comparingInt(Path::getNameCount).reversed();
        Comparator<Path> order = deepestFirst.thenComparing(file -> last.contains(file.getFileName() + ""));
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(order).toList()) {
                Files.delete(file);
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
