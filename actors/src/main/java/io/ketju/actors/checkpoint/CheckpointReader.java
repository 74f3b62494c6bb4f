package io.ketju.actors.checkpoint;

import io.ketju.data.BadDataException;
import io.ketju.data.file.FileDigest;
import io.ketju.data.file.FileErrors;
import io.ketju.data.safetensors.SafeTensorsReader;
import io.ketju.pipeline.stage.StageState;
import io.ketju.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds, checks and loads checkpoints. */
public final class CheckpointReader {
    /** Longest manifest: that of thousands of stages. */
    static final int MAX_MANIFEST_BYTES = 1 << 20;

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointReader.class);

    private CheckpointReader() {}

    /**
     * All checkpoints with a sound manifest. Shards are not looked at.
     *
     * @param root folder of all checkpoints of the run; may be absent
     * @return newest first; none of an absent folder
     * @throws IOException if the folder cannot be listed
     */
    public static List<Checkpoint> committed(Path root) throws IOException {
        List<Checkpoint> found = new ArrayList<>();
        for (Path folder : folders(root)) {
            try {
                found.add(new Checkpoint(folder, manifest(folder)));
            } catch (DamagedCheckpointException e) {
                // No checkpoint, then; whoever looks for the newest one says why.
            }
        }
        return found;
    }

    /**
     * The newest sound checkpoint, whatever job it is of: see {@link #newestValid(Path, CheckpointFit)}.
     *
     * @param root folder of all checkpoints of the run; may be absent
     * @return empty if there is none at all
     * @throws IOException if the folder cannot be listed
     */
    public static Optional<Checkpoint> newestValid(Path root) throws IOException {
        return newestValid(root, CheckpointFit.ANY);
    }

    /**
     * The newest checkpoint that fits and whose files are all what its manifest says; older ones are tried when a newer
     * one is not.
     *
     * @param root folder of all checkpoints of the run; may be absent
     * @param fit what it must fit besides its manifest
     * @return empty if there is none at all
     * @throws IOException if the folder cannot be listed
     * @throws ForeignCheckpointException if there are only others, for the newest that is of something else
     * @throws DamagedCheckpointException if all are damaged, for the newest one's fault
     */
    public static Optional<Checkpoint> newestValid(Path root, CheckpointFit fit) throws IOException {
        List<Path> folders = folders(root);
        while (true) {
            try {
                return newestOf(folders, fit);
            } catch (DamagedCheckpointException | ForeignCheckpointException e) {
                // A run that goes on removes old checkpoints while they are looked at.
                List<Path> now = folders(root);
                if (now.equals(folders)) {
                    throw e;
                }
                folders = now;
            }
        }
    }

    private static Optional<Checkpoint> newestOf(List<Path> folders, CheckpointFit fit) {
        DamagedCheckpointException damaged = null;
        ForeignCheckpointException foreign = null;
        List<String> passedOver = new ArrayList<>();
        for (Path folder : folders) {
            try {
                Checkpoint found = new Checkpoint(folder, manifest(folder));
                fit.require(found);
                verifyShards(found);
                passedOver.forEach(why -> LOG.warn("{}; {} is used instead", why, folder));
                return Optional.of(found);
            } catch (DamagedCheckpointException e) {
                damaged = damaged == null ? e : damaged;
                passedOver.add(String.valueOf(e.getMessage()));
            } catch (ForeignCheckpointException e) {
                foreign = foreign == null ? e : foreign;
                passedOver.add(String.valueOf(e.getMessage()));
            }
        }
        if (foreign != null) {
            throw foreign;
        }
        if (damaged != null) {
            throw damaged;
        }
        return Optional.empty();
    }

    /**
     * The checkpoint of a folder; its shards are not looked at.
     *
     * @param directory a checkpoint's folder
     * @return with its manifest
     * @throws DamagedCheckpointException if the manifest is absent, damaged or of another step than the folder
     */
    public static Checkpoint at(Path directory) {
        return new Checkpoint(directory, manifest(directory));
    }

    /**
     * Reads every file of a checkpoint and compares it with the manifest.
     *
     * @param directory a checkpoint's folder
     * @return its manifest
     * @throws DamagedCheckpointException if a file is absent, or not what the manifest says
     */
    public static Manifest verify(Path directory) {
        Checkpoint found = new Checkpoint(directory, manifest(directory));
        verifyShards(found);
        return found.manifest();
    }

    /**
     * Overwrites tensors with those of the same names, whichever shards hold them: the checkpoint may have been
     * written by another number of stages.
     *
     * @param directory a checkpoint's folder
     * @param tensors by their names in the checkpoint, live: their values are overwritten
     * @throws DamagedCheckpointException if one is missing
     * @throws BadDataException if one has another type or shape
     */
    public static void load(Path directory, Map<String, Tensor> tensors) {
        load(directory, tensors, List::of);
    }

    /**
     * The same with weights for those who only predict: the averages of a run that kept some, where a weight has one.
     *
     * @param directory a checkpoint's folder
     * @param weights by the parameters' names, live: their values are overwritten
     * @throws DamagedCheckpointException if one is missing
     * @throws BadDataException if one has another type or shape
     */
    public static void loadWeights(Path directory, Map<String, Tensor> weights) {
        load(directory, weights, name -> List.of(StageState.average(name), name));
    }

    /** @param names under which a tensor may lie, those first that are taken before others */
    private static void load(Path directory, Map<String, Tensor> tensors, Function<String, List<String>> names) {
        List<SafeTensorsReader> open = new ArrayList<>();
        try {
            for (Shard shard : manifest(directory).shards()) {
                open.add(SafeTensorsReader.open(directory.resolve(shard.file())));
            }
            tensors.forEach((name, tensor) -> {
                if (!read(open, names.apply(name), tensor)) {
                    throw new DamagedCheckpointException(
                            directory + ": no tensor '" + name + "'; the checkpoint is of another model");
                }
            });
        } finally {
            open.forEach(SafeTensorsReader::close);
        }
    }

    /** Whether it lies under one of the names. */
    private static boolean read(List<SafeTensorsReader> readers, List<String> names, Tensor tensor) {
        for (String name : names) {
            for (SafeTensorsReader reader : readers) {
                if (reader.entry(name).isPresent()) {
                    reader.read(name, tensor);
                    return true;
                }
            }
        }
        return false;
    }

    /** All folders that claim to be a checkpoint, those of the latest steps first. */
    static List<Path> folders(Path root) throws IOException {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(root)) {
            return all.filter(folder -> Files.isDirectory(folder)
                            && Files.exists(folder.resolve(Manifest.FILE), LinkOption.NOFOLLOW_LINKS))
                    .sorted(Comparator.comparingLong(CheckpointStore::stepOf)
                            .reversed()
                            .thenComparing(Comparator.naturalOrder()))
                    .toList();
        }
    }

    /** The manifest of a folder, which must be that of its step. */
    static Manifest manifest(Path directory) {
        Path file = directory.resolve(Manifest.FILE);
        Manifest manifest = Manifest.parse(text(file), file.toString());
        if (CheckpointStore.stepOf(directory) != manifest.step()) {
            throw new DamagedCheckpointException(file + ": expected the step of its folder, found " + manifest.step());
        }
        return manifest;
    }

    private static String text(Path file) {
        requireFile(file, null);
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = in.readNBytes(MAX_MANIFEST_BYTES + 1);
            if (bytes.length > MAX_MANIFEST_BYTES) {
                throw new DamagedCheckpointException(
                        file + ": not a manifest: expected at most " + MAX_MANIFEST_BYTES + " bytes, found more");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static void verifyShards(Checkpoint checkpoint) {
        for (Shard shard : checkpoint.manifest().shards()) {
            Path file = checkpoint.directory().resolve(shard.file());
            requireFile(file, shard);
            FileDigest digest;
            try {
                digest = FileDigest.of(file);
            } catch (IOException e) {
                throw unreadable(file, e);
            }
            if (digest.length() != shard.bytes() || !digest.sha256().equals(shard.sha256())) {
                throw new DamagedCheckpointException(file + ": damaged: expected " + shard.bytes()
                        + " bytes with SHA-256 " + shard.sha256() + ", found " + digest.length() + " with "
                        + digest.sha256());
            }
        }
    }

    /** A plain file, of a shard's length if there is one: nothing else is opened, a device or a pipe least of all. */
    private static void requireFile(Path file, @Nullable Shard shard) {
        BasicFileAttributes found;
        try {
            found = Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        if (!found.isRegularFile()) {
            throw new DamagedCheckpointException(file + ": damaged: expected a file, found "
                    + (found.isDirectory() ? "a folder" : found.isSymbolicLink() ? "a link" : "something else"));
        }
        if (shard != null && found.size() != shard.bytes()) {
            throw new DamagedCheckpointException(
                    file + ": damaged: expected " + shard.bytes() + " bytes, found " + found.size());
        }
    }

    private static DamagedCheckpointException unreadable(Path file, IOException e) {
        return new DamagedCheckpointException(file + ": cannot be read: " + FileErrors.reason(e), e);
    }
}
