package io.ketju.pipeline.stage;

import io.ketju.layers.model.Value;
import io.ketju.pipeline.program.StageProgram;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.memory.TensorArena;
import io.ketju.tensor.memory.TensorLease;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a stage reads and never changes, in the stage's own memory: filled once, read by every micro-batch. */
final class StageConstants implements StageHoldings.Owner {
    private final Map<Value, Tensor> tensors = new LinkedHashMap<>();
    private final TensorArena arena;
    private boolean loaded;

    StageConstants(StageProgram program) {
        arena = new TensorArena(bytes(program));
        program.constants().forEach(port -> tensors.put(Value.ofInput(port), arena.allocate(type(program, port))));
        loaded = tensors.isEmpty();
    }

    static long bytes(StageProgram program) {
        return program.constants().stream()
                .mapToLong(port -> type(program, port).bytes())
                .sum();
    }

    private static TensorType type(StageProgram program, int port) {
        return program.model().inputs().get(port).type();
    }

    /** Tensors that still have to come. */
    int awaited() {
        return loaded ? 0 : tensors.size();
    }

    /** Those that a program of the stage reads: that of an objective may need fewer. */
    Map<Value, Tensor> of(StageProgram program) {
        Map<Value, Tensor> read = new LinkedHashMap<>(tensors);
        read.keySet().retainAll(program.constants().stream().map(Value::ofInput).toList());
        return read;
    }

    /** Copies what came, in the order of {@link StagePorts#needsOnce}, and gives the leases back. */
    void load(List<TensorLease> arrived) {
        int next = 0;
        for (Map.Entry<Value, Tensor> constant : tensors.entrySet()) {
            load(constant, arrived.get(next++).tensor());
        }
        arrived.forEach(TensorLease::close);
        loaded = true;
    }

    private static void load(Map.Entry<Value, Tensor> constant, Tensor source) {
        Tensor own = constant.getValue();
        if (!TensorType.of(own).equals(TensorType.of(source))) {
            throw new IllegalArgumentException(
                    "constant " + constant.getKey() + ": expected " + own + ", got " + source);
        }
        own.copyFrom(source);
    }

    @Override
    public long heldBytes() {
        return arena.capacityBytes();
    }

    @Override
    public void close() {
        arena.close();
    }
}
