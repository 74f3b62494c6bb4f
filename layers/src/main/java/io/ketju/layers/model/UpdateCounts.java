package io.ketju.layers.model;

import io.ketju.layers.model.ParameterBlock.NamedTensor;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;

/** How often each parameter with optimizer state was updated; none while all were in every step. Not thread-safe. */
final class UpdateCounts {
    private static final Shape SCALAR = Shape.of();

    private final Map<String, Tensor> counts = new LinkedHashMap<>();

    /**
     * Begins to count, or to count anew.
     *
     * @param names of the parameters that are counted; the same each time
     * @param from updates that all of them have been through
     * @param arenas opens one of so many bytes
     */
    void begin(List<String> names, long from, LongFunction<TensorArena> arenas) {
        if (counts.isEmpty()) {
            TensorArena arena = arenas.apply(TensorArena.bytesFor(SCALAR) * names.size());
            names.forEach(name -> counts.put(name, arena.allocate(DType.INT32, SCALAR)));
        }
        counts.values().forEach(count -> count.setInt(0, Math.toIntExact(from)));
    }

    /** All of them, int32 [], under the names of their parameters. */
    List<NamedTensor> all() {
        return counts.entrySet().stream()
                .map(count -> new NamedTensor(count.getKey(), count.getValue()))
                .toList();
    }

    /** The number of the update that a parameter goes through now: its own where it is counted, else the step's. */
    long next(String name, long step) {
        Tensor count = counts.get(name);
        if (count == null) {
            return step;
        }
        count.setInt(0, Math.incrementExact(count.getInt(0)));
        return count.getInt(0);
    }
}
