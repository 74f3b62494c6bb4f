package io.ketju.pipeline.stage;

import io.ketju.layers.model.ParameterBlock;
import io.ketju.layers.model.ParameterMemory;
import io.ketju.layers.model.ParameterMemory.Use;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Who holds the memory of a stage, and for what; closes them all, last made first. */
final class StageHoldings implements AutoCloseable {
    /** What memory is for: see {@link StageMemory}. */
    enum Part {
        WEIGHTS,
        GRADIENTS,
        OPTIMIZER,
        MICROBATCHES,
        BUFFERS,
        COPIES
    }

    /** Has memory of its own. */
    interface Owner extends AutoCloseable {
        /** Bytes that it holds. Any thread may ask; what is being taken just then may be missing. */
        long heldBytes();

        @Override
        void close();
    }

    private record Counted(Part part, LongSupplier bytes) {}

    private final List<Counted> counted = new ArrayList<>();
    private final List<Runnable> closing = new ArrayList<>();

    /** Takes somebody on; returns it. */
    <T extends Owner> T own(Part part, T owner) {
        count(part, owner::heldBytes);
        closing.add(owner::close);
        return owner;
    }

    /** The same with parameters, whose memory is for several things. */
    ParameterBlock own(ParameterBlock parameters) {
        ParameterMemory memory = parameters.memory();
        count(Part.WEIGHTS, () -> memory.heldBytes(Use.VALUES));
        count(Part.GRADIENTS, () -> memory.heldBytes(Use.GRADIENTS));
        count(Part.OPTIMIZER, () -> memory.heldBytes(Use.STATE));
        closing.add(parameters::close);
        return parameters;
    }

    private void count(Part part, LongSupplier bytes) {
        counted.add(new Counted(part, bytes));
    }

    /** What all of them hold now. */
    StageMemory memory(int stage, int slotsUsed) {
        return new StageMemory(
                stage,
                bytes(Part.WEIGHTS),
                bytes(Part.GRADIENTS),
                bytes(Part.OPTIMIZER),
                bytes(Part.MICROBATCHES),
                bytes(Part.BUFFERS),
                bytes(Part.COPIES),
                slotsUsed);
    }

    private long bytes(Part part) {
        return counted.stream()
                .filter(one -> one.part() == part)
                .mapToLong(one -> one.bytes().getAsLong())
                .sum();
    }

    @Override
    public void close() {
        closing.reversed().forEach(Runnable::run);
    }
}
