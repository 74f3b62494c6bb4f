package io.ketju.pipeline.stage;

import io.ketju.layers.model.ModelTypes;
import io.ketju.pipeline.program.StageProgram;
import io.ketju.pipeline.stage.Inspection.Outcome;
import io.ketju.tensor.DType;
import io.ketju.tensor.NonFiniteElement;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
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

    /** A program for micro-batches of some types. */
    private record Key(StageProgram program, ModelTypes types) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && key.program == program && key.types.equals(types);
        }

        @Override
        public int hashCode() {
            return 31 * System.identityHashCode(program) + types.hashCode();
        }
    }

    private final Kernels kernels;
    private final TensorArena arena;
    private final Map<Key, BoundProgram> bound = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, BoundProgram> eldest) {
            return size() > MOST_BOUND;
        }
    };
    private final List<TensorLease> leases = new ArrayList<>();
    private final List<Tensor> arrived = new ArrayList<>();
    private @Nullable BoundProgram program;
    private Microbatch occupant = Microbatch.alone();
    private int microbatch = FREE;
    private long window;

    /** @param bytes for the largest layout of all programs that will run in it */
    MicrobatchSlot(Kernels kernels, long bytes) {
        this.kernels = kernels;
        arena = new TensorArena(bytes);
    }

    boolean free() {
        return microbatch == FREE;
    }

    boolean holds(long wantedWindow, int wanted) {
        return microbatch == wanted && window == wantedWindow;
    }

    /** Takes in a micro-batch of these types. */
    BoundProgram occupy(Window occupied, int index, BoundProgram.Shared shared, ModelTypes types) {
        window = occupied.number();
        return occupy(Microbatch.of(occupied, index), index, shared, types);
    }

    /** Takes in a micro-batch outside of any window. */
    BoundProgram occupyAlone(BoundProgram.Shared shared, ModelTypes types) {
        window = -1;
        return occupy(Microbatch.alone(), 0, shared, types);
    }

    private BoundProgram occupy(Microbatch taken, int index, BoundProgram.Shared shared, ModelTypes types) {
        microbatch = index;
        occupant = taken;
        BoundProgram next = bound.computeIfAbsent(
                new Key(shared.program(), types), key -> new BoundProgram(shared, key.types(), arena));
        program = next;
        return next;
    }

    /** What the micro-batch runs on. */
    BoundProgram program() {
        return Objects.requireNonNull(program, "the slot is free");
    }

    Microbatch occupant() {
        return occupant;
    }

    /** Keeps a lease as long as the micro-batch: layers may read its tensor in their backward. */
    Tensor hold(TensorLease lease) {
        leases.add(lease);
        return lease.tensor();
    }

    /** Remembers what a forward began with, to look at it should it be needed. */
    void arrived(Tensor tensor) {
        arrived.add(tensor);
    }

    long capacityBytes() {
        return arena.capacityBytes();
    }

    int leasesHeld() {
        return leases.size();
    }

    /**
     * Runs the forward once more from what is still held, looking at the output of every layer, and finds the layer from
     * which on all of them hold a NaN or an infinity. An infinity that a later layer turns into something finite is legal,
     * and not what is looked for. Leaves the slot as after a forward.
     */
    Inspection inspect(int stage) {
        Outcome outcome = arrived.stream().allMatch(this::finite) ? Outcome.FINITE : Outcome.ARRIVED;
        String layer = "";
        for (BoundStep step : program().steps()) {
            if (step instanceof BoundLoss) {
                continue;
            }
            step.forward(occupant);
            Tensor bad = firstBad(step);
            if (bad == null) {
                outcome = Outcome.FINITE;
                layer = "";
            } else if (outcome == Outcome.FINITE) {
                outcome = Outcome.BEGAN;
                layer = step.name() + ", whose output is "
                        + NonFiniteElement.firstIn(bad).orElseThrow();
            }
        }
        return new Inspection(stage, window, microbatch, outcome, layer);
    }

    private @Nullable Tensor firstBad(BoundStep step) {
        for (int i = 0; i < step.outputs(); i++) {
            Tensor output = step.output(i);
            if (output != null && !finite(output)) {
                return output;
            }
        }
        return null;
    }

    /** Whether no element is NaN or infinite. */
    boolean finite(Tensor tensor) {
        return tensor.dtype() != DType.FLOAT32 || kernels.loss().allFinite(tensor);
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
