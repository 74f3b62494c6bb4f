package io.ketju.layers.optimizer;

import static java.util.Map.entry;

import io.ketju.layers.Spec;
import io.ketju.layers.SpecRegistry;
import java.util.Map;
import java.util.SortedSet;
import java.util.function.Function;

/** All optimizers by name: the inverse of {@link Optimizer#spec}. A new optimizer is one more line here. */
public final class Optimizers {
    private static final SpecRegistry<Optimizer> REGISTRY = new SpecRegistry<>(
            "optimizer",
            Map.<String, Function<Spec, Optimizer>>ofEntries(entry("Adam", Adam::of), entry("SGD", SGD::of)));

    private Optimizers() {}

    /** Reads {@code Adam(lr=0.001)}; throws {@link IllegalArgumentException} saying what is wrong. */
    public static Optimizer parse(String text) {
        return REGISTRY.parse(text);
    }

    /** Names of all optimizers, sorted. */
    public static SortedSet<String> names() {
        return REGISTRY.names();
    }
}
