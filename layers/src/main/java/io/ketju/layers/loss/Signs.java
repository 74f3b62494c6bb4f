package io.ketju.layers.loss;

import io.ketju.layers.IntRange;
import io.ketju.tensor.Tensor;

/** Targets that say yes or no by their sign. */
final class Signs {
    private Signs() {}

    /** Throws {@link IllegalArgumentException} naming the first sample whose target is neither 1 nor -1. */
    static void require(String loss, Tensor targets) {
        for (int i = 0; i < targets.elements(); i++) {
            float target = targets.getFloat(i);
            if (Math.abs(target) != 1) {
                throw new IllegalArgumentException(loss + ": target of " + IntRange.place(i, targets.shape())
                        + " of the micro-batch: expected 1 or -1, found " + target);
            }
        }
    }
}
