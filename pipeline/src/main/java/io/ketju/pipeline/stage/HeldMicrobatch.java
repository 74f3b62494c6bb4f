package io.ketju.pipeline.stage;

import io.ketju.layers.model.ModelTypes;
import io.ketju.layers.model.Value;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorLease;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A micro-batch in flight on a stage, apart from what its layers make: what it is, and what came for it, in the buffers that it
 * came in. That is all it takes to run its forward again.
 */
final class HeldMicrobatch implements AutoCloseable {
    private static final int NONE = -1;

    private final List<TensorLease> leases = new ArrayList<>();
    private final Map<Value, Tensor> arrived = new LinkedHashMap<>();
    private final Map<Integer, Tensor> targets = new LinkedHashMap<>();
    private @Nullable Microbatch occupant;
    private @Nullable ModelTypes types;
    private int microbatch = NONE;
    private int variant;
    private long window;

    /** Takes in another one, in the variant of the stage's program that it runs in. */
    void begin(Window occupied, int index, int ofProgram, ModelTypes ofMicrobatch) {
        window = occupied.number();
        microbatch = index;
        variant = ofProgram;
        types = ofMicrobatch;
        occupant = Microbatch.of(occupied, index);
    }

    /** Whether there is none. */
    boolean empty() {
        return microbatch == NONE;
    }

    boolean is(long wantedWindow, int wanted) {
        return microbatch == wanted && window == wantedWindow;
    }

    Microbatch occupant() {
        return Objects.requireNonNull(occupant, "there is no micro-batch");
    }

    ModelTypes types() {
        return Objects.requireNonNull(types, "there is no micro-batch");
    }

    /** Which of the stage's programs the micro-batch is in. */
    int variant() {
        return variant;
    }

    long window() {
        return window;
    }

    int microbatch() {
        return microbatch;
    }

    /** Keeps a lease as long as the micro-batch: layers may read its tensor in their backward. */
    void hold(TensorLease lease) {
        leases.add(lease);
    }

    int leasesHeld() {
        return leases.size();
    }

    /** What a forward begins with. */
    void arrived(Value value, Tensor tensor) {
        arrived.put(value, tensor);
    }

    /** What the forward began with. */
    Map<Value, Tensor> arrived() {
        return arrived;
    }

    /** A target, by its port. */
    void fed(int port, Tensor tensor) {
        targets.put(port, tensor);
    }

    /** Gives a program what the forward began with, once more. */
    void giveTo(BoundProgram program) {
        arrived.forEach(program::arrived);
        targets.forEach(program::fed);
    }

    /** The micro-batch is done: its leases go back. */
    @Override
    public void close() {
        leases.forEach(TensorLease::close);
        leases.clear();
        arrived.clear();
        targets.clear();
        microbatch = NONE;
    }

    @Override
    public String toString() {
        return empty() ? "free" : "micro-batch " + microbatch;
    }
}
