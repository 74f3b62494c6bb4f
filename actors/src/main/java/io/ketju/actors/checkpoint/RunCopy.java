package io.ketju.actors.checkpoint;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.data.InputProfile;
import io.ketju.data.file.DurableFile;
import io.ketju.data.file.FileDraft;
import io.ketju.data.file.FileErrors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The folder of a run as somebody keeps it who stands by and does not reach the run's own. It is a run's folder like any other, held by who
 * keeps it, and has the file {@code copy} besides, until its first start: whoever finds that file and hears of no driver cannot know
 * whether there is one. Not thread-safe.
 */
public final class RunCopy implements AutoCloseable {
    static final String FILE = "copy";

    private static final byte[] TEXT =
            ("a copy of the folder of a run that is directed elsewhere; --resume goes on with it"
                            + " where that one is lost for good\n")
                    .getBytes(StandardCharsets.UTF_8);

    /** What a copy has of a run's folder. */
    private static final Pattern NAME = Pattern.compile(
            Pattern.quote(RunDirectory.JOB) + "|metrics\\.csv|"
                    + Pattern.quote(InputProfile.FILE)
                    + "|checkpoints/step-[0-9]{9,18}/(manifest\\.json|stage-[0-9]{1,5}\\.incarnation-[0-9]{1,10}\\.safetensors)");

    private final Path path;
    private final RunDirectory held;

    private RunCopy(Path path, RunDirectory held) {
        this.path = path;
        this.held = held;
    }

    /**
     * {@return the copy in a folder, held until it is closed, or somebody else holds the run that it has become}
     *
     * @param path absent, empty, or the folder of an earlier copy or start of the same run
     * @throws InvalidJobException with one line if it is none of these, is in use, or cannot be written
     */
    public static RunCopy open(Path path) {
        boolean begun = Files.isRegularFile(path.resolve(RunDirectory.JOB)) || is(path);
        if (!begun) {
            RunDirectory.requireUsable(path);
        }
        try {
            DurableFile.makeFolders(path);
            RunDirectory held = new RunDirectory(path, RunLock.acquire(path));
            try {
                DurableFile.write(path.resolve(FILE), out -> out.write(ByteBuffer.wrap(TEXT)));
            } catch (IOException e) {
                held.release();
                throw e;
            }
            return new RunCopy(path, held);
        } catch (IOException e) {
            throw new InvalidJobException(
                    "run directory " + path + ": cannot be written: " + FileErrors.reason(e)
                            + "; choose a folder that you may write to",
                    e);
        }
    }

    /**
     * {@return whether a folder has a copy, and no start of its own since}
     *
     * @param path of the folder
     */
    public static boolean is(Path path) {
        return Files.isRegularFile(path.resolve(FILE), LinkOption.NOFOLLOW_LINKS);
    }

    /**
     * {@return who holds a run, in words that no other holder has}
     *
     * @param held the run's folder, held by this process
     */
    public static String holder(RunDirectory held) {
        return held.lock().text().line().strip();
    }

    /**
     * Looks whether a folder is the one that somebody holds.
     *
     * @param path of the folder, which this process does not hold
     * @param holder what {@link #holder} says there
     * @return whether it is; the folder need not be there
     * @throws IOException if it cannot be told
     */
    public static boolean isHeldBy(Path path, String holder) throws IOException {
        return RunLock.look(path, (held, text) -> text.line().strip().equals(holder));
    }

    /**
     * {@return how often a run was started}
     *
     * @param path its folder
     * @throws IOException with one line if that cannot be read
     */
    public static int starts(Path path) throws IOException {
        return Incarnation.ofRun(path).read();
    }

    /** The first start makes it a run like any other. */
    static void end(Path path) throws IOException {
        Files.deleteIfExists(path.resolve(FILE));
    }

    /**
     * Looks whether a file is one that a copy can have.
     *
     * @param name with the folders below that of the run
     * @throws IllegalArgumentException if not
     */
    public static void requireName(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("expected a file of a run's folder, found '" + name + "'");
        }
    }

    /**
     * Makes a start durable; from then on no earlier one is followed.
     *
     * @param start of the run, from 1
     * @throws IOException with one line if there has been a later one here, or it cannot be written
     */
    public void follow(int start) throws IOException {
        Incarnation incarnation = Incarnation.ofRun(path);
        int last = incarnation.exists() ? incarnation.read() : 0;
        if (last > start) {
            throw new IOException(path + " has start " + last + " of the run, which its driver, with start " + start
                    + ", does not know of");
        }
        if (last < start) {
            incarnation.write(start);
        }
    }

    /**
     * Begins a file.
     *
     * @param name one that {@link #requireName} lets through
     * @return takes its bytes; the caller commits or closes it
     * @throws IOException if nothing can be written there
     */
    public FileDraft draft(String name) throws IOException {
        requireName(name);
        Path file = path.resolve(name);
        DurableFile.makeFolders(Objects.requireNonNull(file.getParent(), "a file lies in a folder"));
        return DurableFile.draft(file);
    }

    /**
     * Reads a checkpoint back of which all files are there, and removes what is older than those that are kept.
     *
     * @param step of the checkpoint
     * @param kept how many are kept, at least 1
     * @throws DamagedCheckpointException if it is not what its manifest says; older ones are kept then
     */
    public void committed(long step, int kept) {
        Path root = held.checkpoints();
        CheckpointReader.verify(CheckpointStore.directory(root, step));
        new OldCheckpoints(root, kept).removeAfter(step);
    }

    /** {@return whether a run could go on from here: at least its job has come} */
    public boolean begun() {
        return Files.isRegularFile(held.jobFile());
    }

    /** {@return the run's folder, whose holder the caller becomes; this copy is not used any more} */
    public RunDirectory takeOver() {
        return held;
    }

    /**
     * The run is complete, and the folder a run's like any other.
     *
     * @throws IOException if the folder cannot be written; then it is as it was
     */
    public void complete() throws IOException {
        end(path);
    }

    @Override
    public void close() {
        held.release();
    }
}
