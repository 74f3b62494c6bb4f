package io.ketju.actors.checkpoint;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A run's folder with checkpoints of two stages, whose tensors hold the number of their step. */
record SmallRun(Path path) {
    static final String JOB = "ab".repeat(32);
    static final String ARITHMETIC = "0123456789abcdef";

    /** A new run in a folder, with nothing but the number of its first start. */
    static SmallRun started(Path path) throws IOException {
        Incarnation.ofRun(path).write(1);
        return new SmallRun(path);
    }

    Path root() {
        return path.resolve("checkpoints");
    }

    Path folder(long step) {
        return CheckpointStore.directory(root(), step);
    }

    Path shard(long step, int stage, int incarnation) {
        return folder(step).resolve(Shard.fileName(stage, incarnation));
    }

    Path manifest(long step) {
        return folder(step).resolve(Manifest.FILE);
    }

    CheckpointStore store(int incarnation) {
        return new CheckpointStore(root(), incarnation, JOB, ARITHMETIC, 2);
    }

    CheckpointStore keeping(int kept) {
        return new CheckpointStore(root(), 1, JOB, ARITHMETIC, kept);
    }

    void commit(long... steps) throws IOException {
        for (long step : steps) {
            store(1).commit(step, shards(step, 1));
        }
    }

    List<Shard> shards(long step, int incarnation) throws IOException {
        try (TensorArena arena = new TensorArena(1 << 16)) {
            List<Shard> shards = new ArrayList<>();
            shards.add(CheckpointStore.writeShard(folder(step), incarnation, 0, tensors(arena, (float) step, "a")));
            shards.add(CheckpointStore.writeShard(folder(step), incarnation, 1, tensors(arena, (float) step, "b")));
            return shards;
        }
    }

    static Map<String, Tensor> tensors(TensorArena arena, float value, String... names) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (String name : names) {
            Tensor tensor = arena.allocate(Shape.of(2, 3));
            tensor.copyFrom(new float[] {value, value, value, value, value, value});
            tensors.put(name, tensor);
        }
        return tensors;
    }

    long newest() throws IOException {
        return CheckpointReader.newestValid(root()).orElseThrow().step();
    }
}
