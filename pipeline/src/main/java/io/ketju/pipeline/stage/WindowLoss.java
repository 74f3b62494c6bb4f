package io.ketju.pipeline.stage;

import io.ketju.pipeline.schedule.Action;
import io.ketju.pipeline.stage.WindowMetrics.OfHead;
import java.util.SortedMap;
import java.util.TreeMap;

/** Adds up a window's losses in micro-batch order, whatever the order of the forwards. */
final class WindowLoss {
    private final int stage;
    /** By head, then by micro-batch. */
    private final SortedMap<Integer, SortedMap<Integer, OfHead>> heads = new TreeMap<>();

    WindowLoss(int stage) {
        this.stage = stage;
    }

    /** One of the stage's losses; throws {@link NonFiniteException} if it is no finite number. */
    void add(Window window, Action action, int head, OfHead value) {
        if (!Double.isFinite(value.lossSum())) {
            String what = "the loss is " + value.lossSum();
            throw new NonFiniteException(
                    new NonFinite(NonFinite.Kind.LOSS, window, action.microbatch(), stage, what, ""));
        }
        heads.computeIfAbsent(head, index -> new TreeMap<>()).put(action.microbatch(), value);
    }

    /** The sums; begins the next window. */
    WindowMetrics finish() {
        SortedMap<Integer, OfHead> sums = new TreeMap<>();
        heads.forEach((head, parts) -> {
            OfHead sum = OfHead.NONE;
            for (OfHead part : parts.values()) {
                sum = sum.plus(part);
            }
            sums.put(head, sum);
        });
        heads.clear();
        return new WindowMetrics(sums);
    }
}
