package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Registry;
import java.util.List;
import java.util.SortedSet;

/** All averages of weights by name: the inverse of {@link WeightAverage#spec}. One line each. */
public final class WeightAverages {
    /** All of them, in the order of pages. */
    public static final Registry<WeightAverage> REGISTRY =
            new Registry<>("average of weights", List.of(EMA.ENTRY, SWA.ENTRY));

    private WeightAverages() {}

    /**
     * {@return the average that a text names}
     *
     * @param text {@code EMA(decay=0.99)}
     * @throws IllegalArgumentException saying what is wrong
     */
    public static WeightAverage parse(String text) {
        return REGISTRY.parse(text);
    }

    /** {@return names of all averages, sorted} */
    public static SortedSet<String> names() {
        return REGISTRY.names();
    }
}
