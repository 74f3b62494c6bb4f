package io.ketju.pipeline.stage;

import io.ketju.pipeline.schedule.Action;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
        for (int i = 0; i < slots.size(); i++) {
            if (slots.get(i).free()) {
                return slots.get(i);
            }
        }
        throw new IllegalStateException(
                "stage " + action.stage() + ", action " + action + ": no free slot, they hold " + slots);
    }

    /** The slot that a micro-batch is in; null if it is not in flight. */
    @Nullable
    MicrobatchSlot holding(long window, int microbatch) {
        for (int i = 0; i < slots.size(); i++) {
            if (slots.get(i).holds(window, microbatch)) {
                return slots.get(i);
            }
        }
        return null;
    }

    /** The slot of a micro-batch whose forward has run. */
    MicrobatchSlot occupied(Window window, Action action) {
        MicrobatchSlot slot = holding(window.number(), action.microbatch());
        if (slot == null) {
            throw new IllegalStateException(StagePorts.where(window.number(), action) + ": no forward of micro-batch "
                    + action.microbatch() + ", slots are " + slots);
        }
        return slot;
    }

    /** Throws {@link IllegalStateException} if a micro-batch of a window is still in flight. */
    void requireFree(int stage, Window window) {
        if (!slots.stream().allMatch(slot -> slot.free() || slot.window() != window.number())) {
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
