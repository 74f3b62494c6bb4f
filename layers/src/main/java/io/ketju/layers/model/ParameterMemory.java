package io.ketju.layers.model;

import io.ketju.tensor.memory.TensorArena;
import java.util.ArrayList;
import java.util.List;

/** The memory of a block of parameters, by what it is for. */
public final class ParameterMemory {
    /** What memory of a block is for. */
    public enum Use {
        /** Values, packed ones among them. */
        VALUES,
        /** Gradients, and copies of rows of sparse ones. */
        GRADIENTS,
        /** What optimizers keep. */
        STATE
    }

    private record Part(Use use, TensorArena arena) {}

    private final List<Part> parts = new ArrayList<>();

    ParameterMemory() {}

    /** Takes memory. */
    TensorArena open(Use use, long bytes) {
        TensorArena arena = new TensorArena(bytes);
        parts.add(new Part(use, arena));
        return arena;
    }

    /** What tensors take of it, with alignment. */
    long usedBytes() {
        return parts.stream().mapToLong(part -> part.arena().usedBytes()).sum();
    }

    /**
     * {@return the bytes that are held for something}
     *
     * @param use for what
     */
    public long heldBytes(Use use) {
        return parts.stream()
                .filter(part -> part.use() == use)
                .mapToLong(part -> part.arena().capacityBytes())
                .sum();
    }

    /** Frees all of it; a second call frees nothing. */
    void close() {
        parts.forEach(part -> part.arena().close());
        parts.clear();
    }
}
