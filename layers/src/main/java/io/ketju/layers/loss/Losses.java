package io.ketju.layers.loss;

import static java.util.Map.entry;

import io.ketju.layers.Spec;
import io.ketju.layers.SpecRegistry;
import java.util.Map;
import java.util.SortedSet;
import java.util.function.Function;

/** All losses by name: the inverse of {@link Loss#spec}. A new loss is one more line here. */
public final class Losses {
    private static final SpecRegistry<Loss> REGISTRY = new SpecRegistry<>(
            "loss",
            Map.<String, Function<Spec, Loss>>ofEntries(
                    entry("BCEWithLogitsLoss", BCEWithLogitsLoss::of),
                    entry("CrossEntropyLoss", CrossEntropyLoss::of),
                    entry("HuberLoss", HuberLoss::of),
                    entry("L1Loss", L1Loss::of),
                    entry("MSELoss", MSELoss::of),
                    entry("NLLLoss", NLLLoss::of),
                    entry("SmoothL1Loss", SmoothL1Loss::of)));

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
