package io.ketju.pipeline.stage;

import io.ketju.pipeline.schedule.Action;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All slots of a stage: as many as micro-batches can be in flight with what their forward made. Where the stage recomputes, it
 * holds others beside them, with what their forward began with.
 */
final class MicrobatchSlots implements StageHoldings.Owner {
    private final List<MicrobatchSlot> slots = new ArrayList<>();
    /** Those whose forward is to run again. */
    private final List<HeldMicrobatch> aside = new ArrayList<>();
    /** Those from the first on that ever had a micro-batch. */
    private int used;

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
                used = Math.max(used, i + 1);
                return slots.get(i);
            }
        }
        throw new IllegalStateException(
                "stage " + action.stage() + ", action " + action + ": no free slot, they hold " + slots);
    }

    /** A micro-batch in flight; null if it is not. */
    @Nullable
    HeldMicrobatch held(long window, int microbatch) {
        MicrobatchSlot slot = holding(window, microbatch);
        return slot != null
                ? slot.held()
                : aside.stream()
                        .filter(held -> held.is(window, microbatch))
                        .findFirst()
                        .orElse(null);
    }

    /** The slot of a micro-batch; null if none has it. */
    @Nullable
    MicrobatchSlot holding(long window, int microbatch) {
        for (int i = 0; i < slots.size(); i++) {
            if (slots.get(i).held().is(window, microbatch)) {
                return slots.get(i);
            }
        }
        return null;
    }

    /** The slot of a micro-batch whose forward has run. */
    MicrobatchSlot occupied(Window window, Action action) {
        MicrobatchSlot slot = holding(window.number(), action.microbatch());
        if (slot == null) {
            throw noForward(window, action);
        }
        return slot;
    }

    /** Frees the slot of a micro-batch whose forward is to run again. */
    void setAside(MicrobatchSlot slot) {
        aside.add(slot.setAside());
    }

    /** Gives such a micro-batch a slot again. */
    MicrobatchSlot takeUp(Window window, Action action, BoundProgram.Shared shared) {
        for (int i = 0; i < aside.size(); i++) {
            if (aside.get(i).is(window.number(), action.microbatch())) {
                MicrobatchSlot slot = free(action);
                slot.takeUp(aside.remove(i), shared);
                return slot;
            }
        }
        throw noForward(window, action);
    }

    private IllegalStateException noForward(Window window, Action action) {
        return new IllegalStateException(StagePorts.where(window.number(), action) + ": no forward of micro-batch "
                + action.microbatch() + ", slots are " + slots + (aside.isEmpty() ? "" : ", aside " + aside));
    }

    /** Throws {@link IllegalStateException} if a micro-batch of a window is still in flight. */
    void requireFree(int stage, Window window) {
        for (int i = 0; i < slots.size(); i++) {
            requireNotOf(window, slots.get(i).held(), stage);
        }
        for (HeldMicrobatch microbatch : aside) {
            requireNotOf(window, microbatch, stage);
        }
    }

    private void requireNotOf(Window window, HeldMicrobatch microbatch, int stage) {
        if (!microbatch.empty() && microbatch.window() == window.number()) {
            throw new IllegalStateException("stage " + stage + ": window ends, but slots are " + slots
                    + (aside.isEmpty() ? "" : ", aside " + aside));
        }
    }

    int leasesHeld() {
        return slots.stream().mapToInt(slot -> slot.held().leasesHeld()).sum()
                + aside.stream().mapToInt(HeldMicrobatch::leasesHeld).sum();
    }

    /** Bytes of each slot, as they were taken. */
    long bytesOfEach() {
        return slots.getFirst().capacityBytes();
    }

    int used() {
        return used;
    }

    @Override
    public long heldBytes() {
        return slots.stream().mapToLong(MicrobatchSlot::capacityBytes).sum();
    }

    @Override
    public void close() {
        slots.forEach(MicrobatchSlot::close);
        aside.forEach(HeldMicrobatch::close);
    }
}
