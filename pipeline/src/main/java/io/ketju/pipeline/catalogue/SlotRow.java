package io.ketju.pipeline.catalogue;

import io.ketju.pipeline.schedule.Action.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one rank does in which slot of time: at most one action of one unit in each. The micro-batches of a lane come in order.
 * Not thread-safe.
 */
final class SlotRow {
    private final int microbatches;
    private @Nullable Lane[] lanes = {};
    private final Map<Lane, int[]> slots = new EnumMap<>(Lane.class);

    SlotRow(int microbatches) {
        this.microbatches = microbatches;
    }

    /** In which slot it is. */
    int slot(Lane lane, int microbatch) {
        return Objects.requireNonNull(slots.get(lane))[microbatch];
    }

    void put(Lane lane, int microbatch, int slot) {
        if (slot >= lanes.length) {
            lanes = Arrays.copyOf(lanes, Math.max(slot + 1, 2 * lanes.length));
        }
        lanes[slot] = lane;
        slots.computeIfAbsent(lane, l -> new int[microbatches])[microbatch] = slot;
    }

    void move(Lane lane, int microbatch, int slot) {
        lanes[slot(lane, microbatch)] = null;
        put(lane, microbatch, slot);
    }

    boolean isFree(int slot) {
        return slot >= lanes.length || lanes[slot] == null;
    }

    /** The lanes that it has. */
    Set<Lane> lanes() {
        return slots.keySet();
    }

    /** The lanes in order of time. */
    List<Lane> order() {
        List<Lane> order = new ArrayList<>();
        for (Lane lane : lanes) {
            if (lane != null) {
                order.add(lane);
            }
        }
        return order;
    }

    boolean hasWeights() {
        return slots.containsKey(Lane.WEIGHT_BACK);
    }

    /** Takes the weight gradients out. */
    void dropWeights() {
        for (int slot = 0; slot < lanes.length; slot++) {
            Lane lane = lanes[slot];
            lanes[slot] = lane != null && lane.kind() == Kind.W ? null : lane;
        }
        slots.keySet().removeIf(lane -> lane.kind() == Kind.W);
    }

    /** Puts weight gradients into the first free slots after their input gradients, those of the stage back first. */
    void fillWeights() {
        Map<Lane, Integer> owed = new EnumMap<>(Lane.class);
        Map<Lane, Integer> paid = new EnumMap<>(Lane.class);
        int left = 2 * microbatches;
        for (int slot = 0; left > 0; slot++) {
            Lane lane = slot < lanes.length ? lanes[slot] : null;
            if (lane != null && lane.kind() == Kind.I) {
                owed.merge(lane.weight(), 1, Integer::sum);
            } else if (lane == null) {
                for (Lane weight : List.of(Lane.WEIGHT_BACK, Lane.WEIGHT_THERE)) {
                    if (owed.getOrDefault(weight, 0) > paid.getOrDefault(weight, 0)) {
                        put(weight, paid.merge(weight, 1, Integer::sum) - 1, slot);
                        left--;
                        break;
                    }
                }
            }
        }
    }

    /** Most activations at once; without weight gradients as if one were made in every free slot, while some are owed. */
    int peak() {
        boolean filled = hasWeights();
        int held = 0;
        int owed = 0;
        int peak = 0;
        for (Lane lane : lanes) {
            if (lane == null) {
                int freed = !filled && owed > 0 ? 1 : 0;
                held -= freed;
                owed -= freed;
            } else if (lane.kind() == Kind.F) {
                peak = Math.max(peak, ++held);
            } else if (lane.kind() == Kind.I) {
                owed++;
            } else {
                held--;
            }
        }
        return peak;
    }
}
