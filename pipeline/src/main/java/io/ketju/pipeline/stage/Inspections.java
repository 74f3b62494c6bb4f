package io.ketju.pipeline.stage;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a stage is to say of a micro-batch that somebody asks about: of one in flight, what a second forward finds; of an
 * evaluated one, whose slot is given up at once, what was found then.
 */
final class Inspections {
    private final int stage;
    private final MicrobatchSlots slots;
    private final WindowPrograms programs;
    private final TreeMap<Long, Map<Integer, Inspection>> evaluated = new TreeMap<>();

    Inspections(int stage, MicrobatchSlots slots, WindowPrograms programs) {
        this.stage = stage;
        this.slots = slots;
        this.programs = programs;
    }

    /** An evaluated micro-batch is about to give up its slot, and something that it made was not finite. */
    void remember(MicrobatchSlot slot) {
        long window = slot.held().window();
        Inspection inspection = programs.inspect(slot.held(), slot.program());
        // stages before the last may be some windows ahead of it
        evaluated.headMap(window - StageMachine.MAX_WINDOWS).clear();
        evaluated.computeIfAbsent(window, number -> new HashMap<>()).put(inspection.microbatch(), inspection);
    }

    Inspection of(long window, int microbatch) {
        MicrobatchSlot slot = slots.holding(window, microbatch);
        HeldMicrobatch held = slots.held(window, microbatch);
        Inspection inspection = held == null
                ? evaluated.getOrDefault(window, Map.of()).get(microbatch)
                : programs.inspect(held, slot == null ? null : slot.program());
        return inspection == null
                ? new Inspection(stage, window, microbatch, Inspection.Outcome.UNKNOWN, "")
                : new Inspection(stage, window, microbatch, inspection.outcome(), inspection.layer());
    }
}
