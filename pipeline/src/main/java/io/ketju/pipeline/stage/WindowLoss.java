package io.ketju.pipeline.stage;

import io.ketju.layers.loss.LossValue;
import io.ketju.pipeline.schedule.Action;
import java.util.TreeMap;

/** Adds up a window's losses in micro-batch order, whatever the order of the forwards. */
final class WindowLoss {
    private final int stage;
    private final TreeMap<Integer, WindowMetrics> byMicrobatch = new TreeMap<>();

    WindowLoss(int stage) {
        this.stage = stage;
    }

    /** Throws {@link NonFiniteException} if the loss is no finite number. */
    void add(Window window, Action action, LossValue value) {
        if (!Double.isFinite(value.lossSum())) {
            String what = "the loss is " + value.lossSum();
            throw new NonFiniteException(
                    new NonFinite(NonFinite.Kind.LOSS, window, action.microbatch(), stage, what, ""));
        }
        byMicrobatch.put(action.microbatch(), new WindowMetrics(value.lossSum(), value.correct(), value.samples()));
    }

    /** The sums; begins the next window. */
    WindowMetrics finish() {
        WindowMetrics sum = WindowMetrics.NONE;
        for (WindowMetrics part : byMicrobatch.values()) {
            sum = new WindowMetrics(
                    sum.lossSum() + part.lossSum(), sum.correct() + part.correct(), sum.samples() + part.samples());
        }
        byMicrobatch.clear();
        return sum;
    }
}
