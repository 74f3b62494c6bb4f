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
    private final int kept;
    private final OldCheckpoints old;
    private final StandbyCopies copies;

    /**
     * For one start of a run. Nothing is written before {@link #commit}.
     *
     * @param root folder of all checkpoints of the run, beside its incarnation
     * @param incarnation the start that writes here, from 1
     * @param jobHash hex digest of all that decides the job's numbers
     * @param arithmetic fingerprint of the kernels' arithmetic, in hex
     * @param kept checkpoints that are kept, at least 1; an older one goes only after the newest was read back whole
     */
    public CheckpointStore(Path root, int incarnation, String jobHash, String arithmetic, int kept) {
        this(root, incarnation, jobHash, arithmetic, kept, StandbyCopies.NONE);
    }

    /**
     * The same of a run of which copies are kept elsewhere.
     *
     * @param root folder of all checkpoints of the run, beside its incarnation
     * @param incarnation the start that writes here, from 1
     * @param jobHash hex digest of all that decides the job's numbers
     * @param arithmetic fingerprint of the kernels' arithmetic, in hex
     * @param kept checkpoints that are kept, at least 1; an older one goes only after the newest was read back whole
     * @param copies have each checkpoint before it is committed here
     */
    public CheckpointStore(
            Path root, int incarnation, String jobHash, String arithmetic, int kept, StandbyCopies copies) {
        this.root = root;
        this.kept = kept;
        this.copies = copies;
        this.incarnation = incarnation;
        this.jobHash = jobHash;
        this.arithmetic = arithmetic;
        this.old = new OldCheckpoints(root, kept);
    }

    /** {@return the folder of all checkpoints of the run} */
    public Path root() {
        return root;
    }

    /** {@return the start of the run that writes here, from 1} */
    public int incarnation() {
        return incarnation;
    }

    /**
     * Asks the run's folder.
     *
     * @throws IOException with one line, if the run was started again since, or its number cannot be read
     */
    public void requireLatest() throws IOException {
        Incarnation.ofCheckpoints(root).requireLatest(incarnation);
    }

    /** {@return the latest start of the run, if that is a later one; empty also where its number cannot be read} */
    public OptionalInt superseded() {
        try {
            int latest = Incarnation.ofCheckpoints(root).read();
            return latest > incarnation ? OptionalInt.of(latest) : OptionalInt.empty();
        } catch (IOException e) {
            return OptionalInt.empty();
        }
    }

    /**
     * The folder of the checkpoint of a step.
     *
     * @param root folder of all checkpoints of the run
     * @param step optimizer steps taken
     * @return {@code ROOT/step-000000079}, whether or not it is there
     */
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
     * Writes one stage's tensors; durable when this returns.
     *
     * @param directory folder of the checkpoint, made if no stage has yet
     * @param incarnation the start of the run that writes
     * @param stage index of the stage, from 0
     * @param tensors by name; nobody may change them meanwhile
     * @return the file, as a manifest names it
     * @throws IOException if it cannot be written, or this is not the run's latest start
     */
    public static Shard writeShard(Path directory, int incarnation, int stage, Map<String, Tensor> tensors)
            throws IOException {
        return writeShard(directory, incarnation, stage, tensors, Map.of());
    }

    /**
     * The same with free text under keys.
     *
     * @param directory folder of the checkpoint, made if no stage has yet
     * @param incarnation the start of the run that writes
     * @param stage index of the stage, from 0
     * @param tensors by name; nobody may change them meanwhile
     * @param metadata of the safetensors file
     * @return the file, as a manifest names it
     * @throws IOException if it cannot be written, or this is not the run's latest start
     */
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

    /**
     * The same of a shard whose bytes come from elsewhere.
     *
     * @param directory folder of the checkpoint, made if no stage has yet
     * @param incarnation the start of the run that writes
     * @param stage index of the stage, from 0
     * @return takes the file's bytes; the caller commits or closes it
     * @throws IOException if nothing can be written there, or this is not the run's latest start
     */
    public static ShardDraft draft(Path directory, int incarnation, int stage) throws IOException {
        return new ShardDraft(directory, incarnation, stage);
    }

    static List<NamedTensor> named(Map<String, Tensor> tensors) {
        List<NamedTensor> named = new ArrayList<>();
        tensors.forEach((name, tensor) -> named.add(new NamedTensor(name, tensor)));
        return named;
    }

    /**
     * The same of a run of which the step says all.
     *
     * @param step optimizer steps taken
     * @param shards of all stages, in their order
     * @throws IOException if it cannot be written, or this is not the run's latest start
     */
    public void commit(long step, List<Shard> shards) throws IOException {
        commit(step, shards, "");
    }

    /**
     * Publishes a checkpoint whose shards are durable, first in all copies of the run, reads it back, then removes what is older than the
     * newest that are kept and not the best of the run.
     *
     * @param step optimizer steps taken
     * @param shards of all stages, in their order; durable
     * @param progress as in {@link Manifest}
     * @throws IOException if it cannot be written, or this is not the run's latest start
     * @throws DamagedCheckpointException if it is not what was written when it is read back; older ones are kept then
     */
    public void commit(long step, List<Shard> shards, String progress) throws IOException {
        Incarnation fence = Incarnation.ofCheckpoints(root);
        fence.requireLatest(incarnation);
        Manifest manifest = new Manifest(step, incarnation, jobHash, arithmetic, shards, progress);
        Path directory = directory(root, step);
        copies.commit(root.toAbsolutePath().normalize().resolveSibling(""), manifest, kept);
        ByteBuffer json = ByteBuffer.wrap(manifest.toJson().getBytes(StandardCharsets.UTF_8));
        DurableFile.write(directory.resolve(Manifest.FILE), out -> {
            out.write(json);
            fence.requireLatest(incarnation);
        });
        CheckpointReader.verify(directory);
        old.removeAfter(step);
    }
}
