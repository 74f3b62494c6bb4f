package io.ketju.layers;

import static java.util.Map.entry;

import java.util.Map;
import java.util.SortedSet;
import java.util.function.Function;

/** All layers by name: the inverse of {@link Layer#spec}. A new layer is one more line here. */
public final class Layers {
    private static final SpecRegistry<Layer> REGISTRY = new SpecRegistry<>(
            "layer",
            Map.<String, Function<Spec, Layer>>ofEntries(
                    entry("Conv2d", Conv2d::of),
                    entry("Flatten", Flatten::of),
                    entry("Linear", Linear::of),
                    entry("MaxPool2d", MaxPool2d::of),
                    entry("ReLU", ReLU::of),
                    entry("Tanh", Tanh::of)));

    private Layers() {}

    /** Reads {@code Conv2d(1, 6, kernel_size=5, padding=2)}; throws {@link IllegalArgumentException} saying what is wrong. */
    public static Layer parse(String text) {
        return REGISTRY.parse(text);
    }

    /** Names of all layers, sorted. */
    public static SortedSet<String> names() {
        return REGISTRY.names();
    }
}
