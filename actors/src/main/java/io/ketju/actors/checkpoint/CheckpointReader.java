package io.ketju.actors.checkpoint;

import io.ketju.data.BadDataException;
import io.ketju.data.file.FileDigest;
import io.ketju.data.safetensors.SafeTensorsReader;
import io.ketju.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds, checks and loads checkpoints. */
public final class CheckpointReader {
    private CheckpointReader() {}

    /** All checkpoints with a readable manifest, newest first. Shards are not looked at. */
    public static List<Checkpoint> committed(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        List<Checkpoint> found = new ArrayList<>();
        try (Stream<Path> folders = Files.list(root)) {
            for (Path folder : folders.filter(path -> Files.exists(path.resolve(Manifest.FILE)))
                    .toList()) {
                found.add(new Checkpoint(folder, manifest(folder)));
            }
        }
        found.sort(Comparator.comparingLong(Checkpoint::step).reversed());
        return found;
    }

    /**
     * The newest checkpoint whose files are all what its manifest says; older ones are tried when a newer one is
     * damaged. Empty if there is none at all; throws {@link DamagedCheckpointException} if there are only damaged
     * ones, naming the newest one's fault.
     */
    public static Optional<Checkpoint> newestValid(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            return Optional.empty();
        }
        List<Path> folders;
        try (Stream<Path> all = Files.list(root)) {
            folders = all.filter(path -> Files.exists(path.resolve(Manifest.FILE)))
                    .sorted(Comparator.reverseOrder())
                    .toList();
        }
        DamagedCheckpointException first = null;
        for (Path folder : folders) {
            try {
                return Optional.of(new Checkpoint(folder, verify(folder)));
            } catch (DamagedCheckpointException e) {
                first = first == null ? e : first;
            }
        }
        if (first != null) {
            throw first;
        }
        return Optional.empty();
    }

    /** Reads every file of a checkpoint and compares it with the manifest. */
    public static Manifest verify(Path directory) throws IOException {
        Manifest manifest = manifest(directory);
        for (Shard shard : manifest.shards()) {
            Path file = directory.resolve(shard.file());
            if (!Files.exists(file)) {
                throw new DamagedCheckpointException(file + ": missing, but the manifest lists it");
            }
            FileDigest digest = FileDigest.of(file);
            if (digest.length() != shard.bytes()) {
                throw new DamagedCheckpointException(
                        file + ": damaged: expected " + shard.bytes() + " bytes, found " + digest.length());
            }
            if (!digest.sha256().equals(shard.sha256())) {
                throw new DamagedCheckpointException(
                        file + ": damaged: expected SHA-256 " + shard.sha256() + ", found " + digest.sha256());
            }
        }
        return manifest;
    }

    /**
     * Overwrites tensors with those of the same names, whichever shards hold them: the checkpoint may have been
     * written by another number of stages.
     *
     * @throws BadDataException if one is missing or has another shape
     */
    public static void load(Path directory, Map<String, Tensor> tensors) {
        List<SafeTensorsReader> open = new ArrayList<>();
        try {
            for (Shard shard : manifest(directory).shards()) {
                open.add(SafeTensorsReader.open(directory.resolve(shard.file())));
            }
            tensors.forEach((name, tensor) -> open.stream()
                    .filter(reader -> reader.entry(name).isPresent())
                    .findFirst()
                    .orElseThrow(() -> new DamagedCheckpointException(
                            directory + ": no tensor '" + name + "'; the checkpoint is of another model"))
                    .read(name, tensor));
        } finally {
            open.forEach(SafeTensorsReader::close);
        }
    }

    private static Manifest manifest(Path directory) {
        Path file = directory.resolve(Manifest.FILE);
        try {
            return Manifest.parse(Files.readString(file), file.toString());
        } catch (IOException e) {
            throw new DamagedCheckpointException(file + ": cannot be read: " + e.getMessage(), e);
        }
    }
}
