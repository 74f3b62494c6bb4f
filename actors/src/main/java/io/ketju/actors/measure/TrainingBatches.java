package io.ketju.actors.measure;

import io.ketju.data.BatchPlan;
import io.ketju.data.BatchPort;
import io.ketju.data.BatchSource;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** The first mini-batches of a source as tensors, in turn. */
final class TrainingBatches implements AutoCloseable {
    private final List<TensorArena> arenas = new ArrayList<>();
    private final List<List<Map<String, Tensor>>> batches = new ArrayList<>();

    TrainingBatches(BatchSource source, int atMost) {
        for (int index = 0; index < Math.min(atMost, source.stepsPerEpoch()); index++) {
            batches.add(read(source, source.plan(index)));
        }
    }

    private List<Map<String, Tensor>> read(BatchSource source, BatchPlan plan) {
        List<Map<String, Tensor>> microbatches = new ArrayList<>();
        for (int m = 0; m < plan.microbatches().size(); m++) {
            Map<String, Tensor> microbatch = new HashMap<>();
            for (BatchPort port : source.ports()) {
                if (port.constant()) {
                    Tensor tensor = allocate(port.largest());
                    source.copyConstant(port.name(), tensor);
                    microbatch.put(port.name(), tensor);
                } else {
                    TensorType type = Objects.requireNonNull(
                            plan.microbatches().get(m).types().get(port.name()));
                    Tensor tensor = allocate(type);
                    source.copy(plan, m, port.name(), tensor);
                    microbatch.put(port.name(), tensor);
                }
            }
            microbatches.add(microbatch);
        }
        return microbatches;
    }

    private Tensor allocate(TensorType type) {
        TensorArena arena = new TensorArena(TensorArena.bytesFor(type.shape()));
        arenas.add(arena);
        return arena.allocate(type);
    }

    /** That of a step: its micro-batches by the names of their ports. */
    List<Map<String, Tensor>> of(long step) {
        return batches.get((int) (step % batches.size()));
    }

    @Override
    public void close() {
        arenas.forEach(TensorArena::close);
    }
}
