package io.ketju.actors.checkpoint;

import io.ketju.data.file.DurableFile;
import io.ketju.data.file.FileErrors;
import io.ketju.tensor.Excerpt;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Objects;

/**
 * The file {@code incarnation} of a run: how often it was started. It is the fence around the run's folder: only its
 * latest start may write there, and everything that writes asks here first, in whatever process it is.
 */
final class Incarnation {
    /** Name of the file, beside the folder of the checkpoints. */
    static final String FILE = "incarnation";

    private static final int MAX_BYTES = 64;

    private final Path file;

    private Incarnation(Path file) {
        this.file = file;
    }

    /** Of the run in this folder. */
    static Incarnation ofRun(Path run) {
        return new Incarnation(run.resolve(FILE));
    }

    /** Of the run whose checkpoints are in this folder. */
    static Incarnation ofCheckpoints(Path root) {
        return new Incarnation(root.toAbsolutePath().normalize().resolveSibling(FILE));
    }

    /** Of the run whose checkpoint is in this folder. */
    static Incarnation ofCheckpoint(Path directory) {
        return ofCheckpoints(Objects.requireNonNull(
                directory.toAbsolutePath().normalize().getParent(), "a checkpoint lies in a folder"));
    }

    Path file() {
        return file;
    }

    boolean exists() {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** The number in the file, 1 or more; throws with one line that names the file. */
    int read() throws IOException {
        String text = text().strip();
        boolean number = text.matches("[1-9][0-9]{0,9}");
        if (!number || Long.parseLong(text) > Integer.MAX_VALUE) {
            throw new IOException(file + ": expected a whole number from 1 to " + Integer.MAX_VALUE + ", found '"
                    + Excerpt.of(text) + "'; delete it if no process of this run is left");
        }
        return Integer.parseInt(text);
    }

    /** Makes a number durable. */
    void write(int incarnation) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((incarnation + "\n").getBytes(StandardCharsets.UTF_8));
        DurableFile.write(file, out -> out.write(bytes));
    }

    /** Throws, with one line, unless this is the run's latest start. */
    void requireLatest(int incarnation) throws IOException {
        int latest = read();
        if (latest > incarnation) {
            throw new IOException("this start of the run, number " + incarnation + ", was superseded by start " + latest
                    + "; nothing of it is kept from here on");
        }
        if (latest < incarnation) {
            throw new IOException(file + ": expected " + incarnation + ", the number of this start, found " + latest);
        }
    }

    private String text() throws IOException {
        if (exists() && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(file + ": expected a file, found something else");
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            return new String(in.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IOException(file + ": cannot be read: " + FileErrors.reason(e), e);
        }
    }
}
