package io.ketju.pipeline.stage;

import io.ketju.layers.model.ModelTypes;
import io.ketju.layers.model.Value;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import io.ketju.tensor.memory.TensorLease;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Everything that one micro-batch in flight keeps on a stage, from its forward to its last backward action. */
final class MicrobatchSlot implements AutoCloseable {
    private static final int FREE = -1;

    /** Programs kept for different types; others are made anew when they come again. */
    private static final int MOST_BOUND = 8;

    /** A program for micro-batches of some types, by the variant of the window's ports. */
    private record Key(int variant, ModelTypes types) {}

    private final TensorArena arena;
    private final Map<Key, BoundProgram> bound = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, BoundProgram> eldest) {
            return size() > MOST_BOUND;
        }
    };
    private final List<TensorLease> leases = new ArrayList<>();
    private final Map<Value, Tensor> arrived = new LinkedHashMap<>();
    private @Nullable ModelTypes types;
    private @Nullable BoundProgram program;
    private @Nullable Microbatch occupant;
    private int microbatch = FREE;
    private int variant;
    private long window;

    /** @param bytes for the largest layout of all programs that will run in it */
    MicrobatchSlot(long bytes) {
        arena = new TensorArena(bytes);
    }

    boolean free() {
        return microbatch == FREE;
    }

    boolean holds(long wantedWindow, int wanted) {
        return microbatch == wanted && window == wantedWindow;
    }

    /** Takes in a micro-batch of these types. */
    BoundProgram occupy(Window occupied, int index, BoundProgram.Shared shared, ModelTypes ofMicrobatch) {
        window = occupied.number();
        microbatch = index;
        occupant = Microbatch.of(occupied, index);
        BoundProgram next = program;
        if (next == null || !isLast(ofMicrobatch) || variant != shared.variant()) {
            next = bound.computeIfAbsent(
                    new Key(shared.variant(), ofMicrobatch), key -> new BoundProgram(shared, key.types(), arena));
        }
        types = ofMicrobatch;
        variant = shared.variant();
        program = next;
        return next;
    }

    /** Whether the types are those of the last micro-batch, as a rule: to look them up means to compare all of them. */
    @SuppressWarnings("ReferenceEquality")
    private boolean isLast(ModelTypes other) {
        return types == other;
    }

    /** What the micro-batch runs on. */
    BoundProgram program() {
        return Objects.requireNonNull(program, "the slot is free");
    }

    Microbatch occupant() {
        return Objects.requireNonNull(occupant, "the slot is free");
    }

    /** Keeps a lease as long as the micro-batch: layers may read its tensor in their backward. */
    void hold(TensorLease lease) {
        leases.add(lease);
    }

    /** What a forward begins with; remembered, to look at it should it be needed. */
    void arrived(Value value, Tensor tensor) {
        arrived.put(value, tensor);
        program().arrived(value, tensor);
    }

    /** What the forward began with. */
    Map<Value, Tensor> arrived() {
        return arrived;
    }

    /** Which of the stage's programs the micro-batch is in. */
    int variant() {
        return variant;
    }

    ModelTypes types() {
        return Objects.requireNonNull(types, "the slot is free");
    }

    long window() {
        return window;
    }

    int microbatch() {
        return microbatch;
    }

    long capacityBytes() {
        return arena.capacityBytes();
    }

    int leasesHeld() {
        return leases.size();
    }

    /** The layer that runs or ran last, for messages. */
    String running() {
        return program().running();
    }

    /** The micro-batch is done: its leases go back, its memory is free. */
    void release() {
        closeLeases();
        program().forget();
        microbatch = FREE;
    }

    private void closeLeases() {
        leases.forEach(TensorLease::close);
        leases.clear();
        arrived.clear();
    }

    @Override
    public void close() {
        closeLeases();
        arena.close();
    }

    @Override
    public String toString() {
        return free() ? "free" : "micro-batch " + microbatch;
    }
}
