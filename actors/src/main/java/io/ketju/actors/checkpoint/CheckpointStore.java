package io.ketju.actors.checkpoint;

import io.ketju.data.file.DurableFile;
import io.ketju.data.file.FileErrors;
import io.ketju.data.safetensors.NamedTensor;
import io.ketju.data.safetensors.SafeTensorsWriter;
import io.ketju.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * Writes the checkpoints of one start of one run: {@code step-000000079/stage-0.incarnation-1.safetensors ...
 * manifest.json}. Before every write, and once more before the rename that makes it count, it asks whether the run was
 * started again in the meantime: a process that was stopped and wakes later writes nothing any more.
 */
public final class CheckpointStore {
    private static final String STEP = "step-";

    private final Path root;
    private final int incarnation;
    private final String jobHash;
    private final String arithmetic;
    private final OldCheckpoints old;

    /**
     * @param root folder of all checkpoints of the run, beside its incarnation
     * @param arithmetic fingerprint of the kernels' arithmetic
     * @param kept checkpoints that are kept, at least 1; an older one goes only after the newest was read back whole
     */
    public CheckpointStore(Path root, int incarnation, String jobHash, String arithmetic, int kept) {
        this.root = root;
        this.incarnation = incarnation;
        this.jobHash = jobHash;
        this.arithmetic = arithmetic;
        this.old = new OldCheckpoints(root, kept);
    }

    public Path root() {
        return root;
    }

    /** The start of the run that writes here. */
    public int incarnation() {
        return incarnation;
    }

    /** Throws, with one line, if the run was started again since. */
    public void requireLatest() throws IOException {
        Incarnation.ofCheckpoints(root).requireLatest(incarnation);
    }

    /** The latest start of the run, if that is a later one. Without the number, nothing is known of that. */
    public OptionalInt superseded() {
        try {
            int latest = Incarnation.ofCheckpoints(root).read();
            return latest > incarnation ? OptionalInt.of(latest) : OptionalInt.empty();
        } catch (IOException e) {
            return OptionalInt.empty();
        }
    }

    /** The folder of the checkpoint of a step. */
    public static Path directory(Path root, long step) {
        return root.resolve(STEP + "%09d".formatted(step));
    }

    /** The step of a folder that {@link #directory} names; -1 for any other folder. */
    static long stepOf(Path directory) {
        String name = String.valueOf(directory.getFileName());
        if (!name.matches(STEP + "[0-9]{9,18}")) {
            return -1;
        }
        long step = Long.parseLong(name.substring(STEP.length()));
        return directory(Path.of(""), step).endsWith(name) ? step : -1;
    }

    /**
     * Writes one stage's tensors; durable when this returns. Makes the folder if another stage has not yet. Throws if
     * this is not the run's latest start.
     */
    public static Shard writeShard(Path directory, int incarnation, int stage, Map<String, Tensor> tensors)
            throws IOException {
        return writeShard(directory, incarnation, stage, tensors, Map.of());
    }

    /** The same with free text under keys. */
    public static Shard writeShard(
            Path directory, int incarnation, int stage, Map<String, Tensor> tensors, Map<String, String> metadata)
            throws IOException {
        try (ShardDraft draft = new ShardDraft(directory, incarnation, stage)) {
            SafeTensorsWriter.write(draft, named(tensors), metadata);
            return draft.commit();
        } catch (IOException e) {
            String file = Shard.fileName(stage, incarnation);
            throw new IOException("cannot write " + directory.resolve(file) + ": " + FileErrors.reason(e), e);
        }
    }

    /** The same of a shard whose bytes come from elsewhere. */
    public static ShardDraft draft(Path directory, int incarnation, int stage) throws IOException {
        return new ShardDraft(directory, incarnation, stage);
    }

    static List<NamedTensor> named(Map<String, Tensor> tensors) {
        List<NamedTensor> named = new ArrayList<>();
        tensors.forEach((name, tensor) -> named.add(new NamedTensor(name, tensor)));
        return named;
    }

    /** The same of a run of which the step says all. */
    public void commit(long step, List<Shard> shards) throws IOException {
        commit(step, shards, "");
    }

    /**
     * Publishes a checkpoint whose shards are durable, reads it back, then removes what is older than the newest that
     * are kept and not the best of the run.
     *
     * @param progress as in {@link Manifest}
     */
    public void commit(long step, List<Shard> shards, String progress) throws IOException {
        Incarnation fence = Incarnation.ofCheckpoints(root);
        fence.requireLatest(incarnation);
        Manifest manifest = new Manifest(step, incarnation, jobHash, arithmetic, shards, progress);
        Path directory = directory(root, step);
        ByteBuffer json = ByteBuffer.wrap(manifest.toJson().getBytes(StandardCharsets.UTF_8));
        DurableFile.write(directory.resolve(Manifest.FILE), out -> {
            out.write(json);
            fence.requireLatest(incarnation);
        });
        CheckpointReader.verify(directory);
        old.removeAfter(step);
    }
}
