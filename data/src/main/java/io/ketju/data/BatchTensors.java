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

    /** With memory for the largest mini-batch; reads the constants. */
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

    /** Every micro-batch's tensors by the names of the ports, constants among them; they stay until the next call. */
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
