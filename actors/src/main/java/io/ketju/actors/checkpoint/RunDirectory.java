package io.ketju.actors.checkpoint;

import io.ketju.actors.job.InvalidJobException;
import io.ketju.data.file.DurableFile;
import io.ketju.data.file.FileErrors;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder of one run.
 *
 * <pre>
 * job.conf             the job, as it was started
 * incarnation          how often the run was started: the fencing number
 * checkpoints/         step-000000079/manifest.json and one shard per stage
 * model.safetensors    the final weights under their global names, once the run is done
 * </pre>
 */
public final class RunDirectory {
    private final Path path;

    private RunDirectory(Path path) {
        this.path = path;
    }

    /** Makes the folder of a new run; one that is there must be empty. Throws {@link InvalidJobException}. */
    public static RunDirectory create(Path path, String job) {
        requireUsable(path);
        try {
            Files.createDirectories(path);
            write(path.resolve("job.conf"), job);
            return new RunDirectory(path);
        } catch (IOException e) {
            throw new InvalidJobException(
                    "run directory " + path + ": cannot be made: " + FileErrors.reason(e)
                            + "; choose a folder that you may write to",
                    e);
        }
    }

    /** Throws {@link InvalidJobException} if {@link #create} would; makes nothing. */
    public static void requireUsable(Path path) {
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new InvalidJobException(
                    "run directory " + path + ": expected a folder, found a file; choose another");
        }
        try (Stream<Path> entries = Files.isDirectory(path) ? Files.list(path) : Stream.empty()) {
            if (entries.findAny().isPresent()) {
                throw new InvalidJobException("run directory " + path
                        + ": expected an empty or absent folder, found files; choose another, or continue that run"
                        + " with --resume " + path);
            }
        } catch (IOException e) {
            throw new InvalidJobException("run directory " + path + ": cannot be read: " + FileErrors.reason(e), e);
        }
        Path existing = path.toAbsolutePath();
        while (existing != null && !Files.exists(existing)) {
            existing = existing.getParent();
        }
        if (existing == null || !Files.isDirectory(existing) || !Files.isWritable(existing)) {
            throw new InvalidJobException("run directory " + path + ": " + existing
                    + " is not a folder that may be written to; choose another with --run-dir");
        }
    }

    /** The folder of a run that was started before. Throws {@link InvalidJobException} if it is none. */
    public static RunDirectory open(Path path) {
        if (!Files.isRegularFile(path.resolve("job.conf"))) {
            throw new InvalidJobException(path + ": not a run: expected a folder with job.conf, found "
                    + (Files.exists(path) ? "none in it" : "no such folder"));
        }
        return new RunDirectory(path);
    }

    public Path path() {
        return path;
    }

    public Path jobFile() {
        return path.resolve("job.conf");
    }

    public Path checkpoints() {
        return path.resolve("checkpoints");
    }

    /** The final weights, once the run is done. */
    public Path weights() {
        return path.resolve("model.safetensors");
    }

    /** See {@link CheckpointReader#newestValid}; its faults as {@link InvalidJobException}. */
    public Optional<Checkpoint> newest() {
        try {
            return CheckpointReader.newestValid(checkpoints());
        } catch (IOException e) {
            throw new InvalidJobException(checkpoints() + ": cannot be read: " + FileErrors.reason(e), e);
        } catch (DamagedCheckpointException e) {
            throw new InvalidJobException(String.valueOf(e.getMessage()), e);
        }
    }

    /** Raises the fencing number; durable when this returns, before anything of the new start exists. */
    public int nextIncarnation() {
        Path file = path.resolve("incarnation");
        try {
            int next =
                    Files.exists(file) ? Integer.parseInt(Files.readString(file).strip()) + 1 : 1;
            write(file, next + "\n");
            return next;
        } catch (IOException | NumberFormatException e) {
            throw new InvalidJobException(file + ": expected a whole number that can be raised: " + e.getMessage(), e);
        }
    }

    private static void write(Path file, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
        DurableFile.write(file, out -> {
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        });
    }
}
