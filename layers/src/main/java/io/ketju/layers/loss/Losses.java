package io.ketju.layers.loss;

import io.ketju.layers.spec.Registry;
import java.util.List;
import java.util.SortedSet;

/** All losses by name: the inverse of {@link Loss#spec}. A new loss is one more line here. */
public final class Losses {
    public static final Registry<Loss> REGISTRY = new Registry<>("loss", List.of(BCEWithLogitsLoss.ENTRY, CrossEntropyLoss.ENTRY, HuberLoss.ENTRY, L1Loss.ENTRY, MSELoss.ENTRY, NLLLoss.ENTRY, SmoothL1Loss.ENTRY));

    private Losses() {}

    /** Reads {@code CrossEntropyLoss()}; throws {@link IllegalArgumentException} saying what is wrong. */
    public static Loss parse(String text) {
        return REGISTRY.parse(text);
    }

    /** Names of all losses, sorted. */
    public static SortedSet<String> names() {
        return REGISTRY.names();
    }
}
