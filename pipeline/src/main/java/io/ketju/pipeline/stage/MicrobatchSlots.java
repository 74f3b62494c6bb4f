package io.ketju.pipeline.stage;

import io.ketju.pipeline.schedule.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All slots of a stage: as many as micro-batches can be in flight. */
final class MicrobatchSlots implements AutoCloseable {
    private final List<MicrobatchSlot> slots = new ArrayList<>();

    /** @param bytes of each */
    MicrobatchSlots(int count, long bytes) {
        for (int i = 0; i < count; i++) {
            slots.add(new MicrobatchSlot(bytes));
        }
    }

    /** The free slot of the lowest index, so that equal runs use equal memory. */
    MicrobatchSlot free(Action action) {
        return slots.stream()
                .filter(MicrobatchSlot::free)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "stage " + action.stage() + ", action " + action + ": no free slot, they hold " + slots));
    }

    /** The slot that a micro-batch is in, if it is in flight. */
    Optional<MicrobatchSlot> holding(long window, int microbatch) {
        return slots.stream().filter(slot -> slot.holds(window, microbatch)).findFirst();
    }

    /** The slot of a micro-batch whose forward has run. */
    MicrobatchSlot occupied(Window window, Action action) {
        return holding(window.number(), action.microbatch())
                .orElseThrow(() -> new IllegalStateException(StagePorts.where(window.number(), action)
                        + ": no forward of micro-batch " + action.microbatch() + ", slots are " + slots));
    }

    /** Throws {@link IllegalStateException} if a micro-batch is still in flight. */
    void requireFree(int stage) {
        if (!slots.stream().allMatch(MicrobatchSlot::free)) {
            throw new IllegalStateException("stage " + stage + ": window ends, but slots are " + slots);
        }
    }

    int leasesHeld() {
        return slots.stream().mapToInt(MicrobatchSlot::leasesHeld).sum();
    }

    /** Bytes of each slot, as they were taken. */
    long bytesOfEach() {
        return slots.getFirst().capacityBytes();
    }

    @Override
    public void close() {
        slots.forEach(MicrobatchSlot::close);
    }
}
