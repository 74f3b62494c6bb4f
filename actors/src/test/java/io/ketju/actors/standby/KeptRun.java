package io.ketju.actors.standby;

import io.ketju.actors.checkpoint.CheckpointStore;
import io.ketju.actors.checkpoint.Manifest;
import io.ketju.actors.checkpoint.RunDirectory;
import io.ketju.actors.checkpoint.Shard;
import io.ketju.actors.checkpoint.StandbyCopies;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The folder of a run of two stages, held, in its first start; each of its tensors holds the number of its step. */
record KeptRun(RunDirectory directory) implements AutoCloseable {
    static final String JOB = "name = digits\n";
    static final String HASH = "ab".repeat(32);
    static final String ARITHMETIC = "0123456789abcdef";
    private static final int VALUES = 100_000;

    static KeptRun started(Path folder) {
        RunDirectory directory = RunDirectory.create(folder, JOB);
        directory.nextIncarnation();
        return new KeptRun(directory);
    }

    Path path() {
        return directory.path();
    }

    CheckpointStore store(StandbyCopies copies) {
        return new CheckpointStore(directory.checkpoints(), 1, HASH, ARITHMETIC, 2, copies);
    }

    /** Durable, and of no checkpoint yet. */
    List<Shard> shards(long step) throws IOException {
        Path folder = CheckpointStore.directory(directory.checkpoints(), step);
        List<Shard> shards = new ArrayList<>();
        try (TensorArena arena = new TensorArena(1 << 20)) {
            Tensor tensor = arena.allocate(Shape.of(VALUES));
            for (int i = 0; i < VALUES; i++) {
                tensor.setFloat(i, (float) step);
            }
            for (int stage = 0; stage < 2; stage++) {
                shards.add(CheckpointStore.writeShard(folder, 1, stage, Map.of("tensor" + stage, tensor)));
            }
        }
        return shards;
    }

    Manifest manifest(long step) throws IOException {
        return new Manifest(step, 1, HASH, ARITHMETIC, shards(step));
    }

    Shipment shipment(long step, int kept) throws IOException {
        return Shipment.checkpoint(path(), 1, kept, manifest(step));
    }

    @Override
    public void close() {
        directory.release();
    }
}
