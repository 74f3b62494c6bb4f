package io.ketju.actors.checkpoint;

import io.ketju.actors.job.InvalidJobException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Folders of runs that are not kept. Each is removed at the end of its run; a process that is killed cannot do that, so
 * what it left goes when the next run starts.
 */
public final class TemporaryRuns {
    private static final String PREFIX = "ketju-run-";
    private static final Pattern NAME = Pattern.compile(PREFIX + "(\\d{1,10})-\\d{1,30}");

    private TemporaryRuns() {}

    /**
     * Makes a folder.
     *
     * @return a new one, whose name tells the process but cannot be foreseen, and which only its owner can read
     * @throws IOException if the temporary folder cannot be written to
     */
    public static Path make() throws IOException {
        return Files.createTempDirectory(PREFIX + ProcessHandle.current().pid() + "-");
    }

    /** The folder of such a run that a path lies in; empty if it lies in none. */
    static Optional<Path> around(Path path) {
        Path temporary =
                Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath().normalize();
        if (!path.startsWith(temporary) || path.equals(temporary)) {
            return Optional.empty();
        }
        Path run = temporary.resolve(path.getName(temporary.getNameCount()));
        return run.getFileName().toString().startsWith(PREFIX) ? Optional.of(run) : Optional.empty();
    }

    /** Removes the folders of runs whose processes are gone. Those of others, and of runs that go on, stay. */
    public static void removeLeft() {
        removeLeft(Path.of(System.getProperty("java.io.tmpdir")));
    }

    static void removeLeft(Path folder) {
        try (DirectoryStream<Path> left = Files.newDirectoryStream(folder, PREFIX + "*")) {
            for (Path run : left) {
                removeIfLeft(run);
            }
        } catch (IOException e) {
            // Whoever needs the folder will be told.
        }
    }

    private static void removeIfLeft(Path run) throws IOException {
        // Nobody else may lead us into a folder of theirs, or by a link into one of ours.
        if (!Files.isDirectory(run, LinkOption.NOFOLLOW_LINKS)
                || !Files.getOwner(run, LinkOption.NOFOLLOW_LINKS).getName().equals(System.getProperty("user.name"))) {
            return;
        }
        try {
            RunDirectory.reopen(run).discard();
        } catch (InvalidJobException e) {
            // It is in use, or only being made; or a worker was the last that wrote to it, when it was removed already.
            if (!Files.exists(run.resolve(RunDirectory.JOB)) && isMakerGone(run)) {
                FolderRemoval.remove(run, Set.of());
            }
        }
    }

    /** Where the name does not tell who made it, nobody knows. */
    private static boolean isMakerGone(Path run) {
        Matcher name = NAME.matcher(run.getFileName() + "");
        return name.matches() && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty();
    }
}
