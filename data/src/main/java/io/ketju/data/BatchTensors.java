package io.ketju.data;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The tensors of whole mini-batches of a source, for who computes in one place. Not thread-safe. */
public final class BatchTensors implements AutoCloseable {
    private final BatchSource source;
    private final TensorArena arena;
    private final TensorArena forever;
    private final Map<String, Tensor> constants = new HashMap<>();

    /**
     * Takes memory for the largest mini-batch, outside the heap, until this is closed; reads the constants.
     *
     * @param source stays its owner's
     */
    public BatchTensors(BatchSource source) {
        this.source = source;
        arena = new TensorArena(Math.multiplyExact(bytes(false), source.microbatches()));
        forever = new TensorArena(bytes(true));
        for (BatchPort port : source.ports()) {
            if (port.constant()) {
                Tensor tensor = forever.allocate(port.largest());
                source.copyConstant(port.name(), tensor);
                constants.put(port.name(), tensor);
            }
        }
    }

    private long bytes(boolean constant) {
        return source.ports().stream()
                .filter(port -> port.constant() == constant)
                .mapToLong(port -> port.largest().bytes())
                .sum();
    }

    /**
     * Reads all micro-batches of a mini-batch.
     *
     * @param plan of the same source
     * @return one map per micro-batch, in order: tensors by the names of the ports, constants among them; they belong to this and
     *     stay until the next call
     * @throws BadDataException if a value is NaN or infinite
     */
    public List<Map<String, Tensor>> read(BatchPlan plan) {
        arena.reset();
        List<Map<String, Tensor>> microbatches = new ArrayList<>();
        for (int m = 0; m < plan.microbatches().size(); m++) {
            Map<String, Tensor> tensors = new HashMap<>(constants);
            for (Map.Entry<String, TensorType> port :
                    plan.microbatches().get(m).types().entrySet()) {
                Tensor tensor = arena.allocate(port.getValue());
                source.copy(plan, m, port.getKey(), tensor);
                tensors.put(port.getKey(), tensor);
            }
            microbatches.add(tensors);
        }
        return microbatches;
    }

    @Override
    public void close() {
        arena.close();
        forever.close();
    }
}
