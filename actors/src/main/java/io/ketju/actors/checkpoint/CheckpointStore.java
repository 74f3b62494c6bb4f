package io.ketju.actors.checkpoint;

import io.ketju.data.file.DurableFile;
import io.ketju.data.file.FileDigest;
import io.ketju.data.safetensors.NamedTensor;
import io.ketju.data.safetensors.SafeTensorsWriter;
import io.ketju.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Writes the checkpoints of one run: {@code step-000000079/stage-0.safetensors ... manifest.json}. */
public final class CheckpointStore {
    /** Checkpoints that are kept; an older one goes only after the newest was read back whole. */
    public static final int KEPT = 2;

    private final Path root;
    private final int incarnation;
    private final String jobHash;
    private final String arithmetic;

    /**
     * @param root folder of all checkpoints of the run
     * @param arithmetic fingerprint of the kernels' arithmetic
     */
    public CheckpointStore(Path root, int incarnation, String jobHash, String arithmetic) {
        this.root = root;
        this.incarnation = incarnation;
        this.jobHash = jobHash;
        this.arithmetic = arithmetic;
    }

    public Path root() {
        return root;
    }

    /** The folder of the checkpoint of a step. */
    public static Path directory(Path root, long step) {
        return root.resolve("step-%09d".formatted(step));
    }

    /** Writes one stage's tensors; durable when this returns. Makes the folder if another stage has not yet. */
    public static Shard writeShard(Path directory, int stage, Map<String, Tensor> tensors) throws IOException {
        Files.createDirectories(directory);
        DurableFile.syncFolder(
                Objects.requireNonNull(directory.toAbsolutePath().getParent(), "a checkpoint lies in a folder"));
        String file = "stage-" + stage + ".safetensors";
        List<NamedTensor> named = new ArrayList<>();
        tensors.forEach((name, tensor) -> named.add(new NamedTensor(name, tensor)));
        FileDigest digest =
                DurableFile.write(directory.resolve(file), out -> SafeTensorsWriter.write(out, named, Map.of()));
        return new Shard(file, digest.length(), digest.sha256());
    }

    /** Publishes a checkpoint whose shards are durable, reads it back, then removes what is older than the two newest. */
    public void commit(long step, List<Shard> shards) throws IOException {
        Manifest manifest = new Manifest(step, incarnation, jobHash, arithmetic, shards);
        Path directory = directory(root, step);
        ByteBuffer json = ByteBuffer.wrap(manifest.toJson().getBytes(StandardCharsets.UTF_8));
        DurableFile.write(directory.resolve(Manifest.FILE), out -> {
            while (json.hasRemaining()) {
                out.write(json);
            }
        });
        CheckpointReader.verify(directory);
        removeOld();
    }

    /** The manifest goes first, so that a crash in between leaves no checkpoint that lacks a shard. */
    private void removeOld() throws IOException {
        List<Checkpoint> committed = CheckpointReader.committed(root);
        for (Checkpoint old : committed.subList(Math.min(KEPT, committed.size()), committed.size())) {
            Files.deleteIfExists(old.directory().resolve(Manifest.FILE));
            DurableFile.syncFolder(old.directory());
            try (Stream<Path> files = Files.list(old.directory())) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(old.directory());
        }
    }
}
