package io.ketju.actors.checkpoint;

import io.ketju.data.file.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What processes that were killed had begun to write, beside what it was to become. */
final class UnfinishedFiles {
    /** As {@link DurableFile} names them. */
    private static final Pattern NAME = Pattern.compile("\\..+\\.[0-9]+\\.tmp");

    private UnfinishedFiles() {}

    /**
     * Removes those that lie in a folder. To be called when whoever writes one still may fail: it was begun by a process that was killed,
     * or by one that has been given up since.
     */
    static void removeFrom(Path folder) throws IOException {
        List<Path> unfinished;
        try (Stream<Path> files = Files.list(folder)) {
            unfinished = files.filter(file ->
                            NAME.matcher(String.valueOf(file.getFileName())).matches())
                    .toList();
        }
        for (Path file : unfinished) {
            Files.deleteIfExists(file);
        }
    }
}
