package io.ketju.actors.checkpoint;

import io.ketju.data.InputProfile;
import io.ketju.data.file.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What processes that were killed had begun to write, beside what it was to become. */
final class UnfinishedFiles {
    /** As {@link DurableFile} names them. */
    private static final Pattern NAME = Pattern.compile("\\.(.+)\\.[0-9]+\\.tmp");

    /** What who has a run writes into its folder, and nobody else. */
    private static final Set<String> OF_RUN = Set.of(
            RunDirectory.JOB,
            RunDirectory.WEIGHTS,
            RunDirectory.BEST_WEIGHTS,
            Incarnation.FILE,
            DriverNote.FILE,
            RunCopy.FILE,
            InputProfile.FILE);

    private UnfinishedFiles() {}

    /** Whether a file of this name was to become a run's job. */
    static boolean isJob(String name) {
        Matcher unfinished = NAME.matcher(name);
        return unfinished.matches() && unfinished.group(1).equals(RunDirectory.JOB);
    }

    /**
     * Removes those that lie in the folder of a checkpoint of which all is there: whoever writes one was killed, or has been given up since
     * and may fail.
     */
    static void removeFromCheckpoint(Path folder) throws IOException {
        remove(folder, target -> true);
    }

    /**
     * Removes those of earlier starts from the folder of a run; to be called by who has the run. What others write into the folder meanwhile,
     * a model for other programs for instance, is theirs.
     */
    static void removeFromRun(Path folder) throws IOException {
        remove(folder, OF_RUN::contains);
    }

    private static void remove(Path folder, Predicate<String> targets) throws IOException {
        List<Path> unfinished;
        try (Stream<Path> files = Files.list(folder)) {
            unfinished = files.filter(file -> {
                        Matcher name = NAME.matcher(String.valueOf(file.getFileName()));
                        return name.matches() && targets.test(name.group(1));
                    })
                    .toList();
        }
        for (Path file : unfinished) {
            Files.deleteIfExists(file);
        }
    }
}
