package io.ketju.pipeline.stage;

import io.ketju.layers.model.ModelTypes;
import io.ketju.layers.model.Value;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import io.ketju.tensor.memory.TensorLease;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What one micro-batch in flight keeps on a stage, from its forward to its last backward action; where the stage recomputes,
 * during its forward, and again from the second one on.
 */
final class MicrobatchSlot implements AutoCloseable {
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
    private HeldMicrobatch held = new HeldMicrobatch();
    private @Nullable ModelTypes types;
    private @Nullable BoundProgram program;
    private int variant;

    /** @param bytes for the largest layout of all programs that will run in it */
    MicrobatchSlot(long bytes) {
        arena = new TensorArena(bytes);
    }

    boolean free() {
        return held.empty();
    }

    /** Takes in a micro-batch of these types. */
    BoundProgram occupy(Window occupied, int index, BoundProgram.Shared shared, ModelTypes ofMicrobatch) {
        held.begin(occupied, index, shared.variant(), ofMicrobatch);
        return bind(shared, ofMicrobatch);
    }

    /** Gives up what the forward made; what it began with moves out, and the slot is free. */
    HeldMicrobatch setAside() {
        HeldMicrobatch leaving = held;
        program().forget();
        held = new HeldMicrobatch();
        return leaving;
    }

    /** Takes such a micro-batch in again. */
    void takeUp(HeldMicrobatch again, BoundProgram.Shared shared) {
        held = again;
        again.giveTo(bind(shared, again.types()));
    }

    private BoundProgram bind(BoundProgram.Shared shared, ModelTypes ofMicrobatch) {
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

    /** What is in it. */
    HeldMicrobatch held() {
        return held;
    }

    /** Keeps a lease as long as the micro-batch: layers may read its tensor in their backward. */
    void hold(TensorLease lease) {
        held.hold(lease);
    }

    /** What a forward begins with; remembered, to look at it or to begin again should it be needed. */
    void arrived(Value value, Tensor tensor) {
        held.arrived(value, tensor);
        program().arrived(value, tensor);
    }

    /** A target, by its port. */
    void fed(int port, Tensor tensor) {
        held.fed(port, tensor);
        program().fed(port, tensor);
    }

    long capacityBytes() {
        return arena.capacityBytes();
    }

    /** The layer that runs or ran last, for messages. */
    String running() {
        return program().running();
    }

    /** The micro-batch is done: its leases go back, its memory is free. */
    void release() {
        held.close();
        program().forget();
    }

    @Override
    public void close() {
        held.close();
        arena.close();
    }

    @Override
    public String toString() {
        return held.toString();
    }
}
