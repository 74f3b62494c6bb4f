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
                    entry("AdaptiveAvgPool2d", AdaptiveAvgPool2d::of),
                    entry("Add", Add::of),
                    entry("BatchNorm1d", BatchNorm1d::of),
                    entry("BatchNorm2d", BatchNorm2d::of),
                    entry("Bias", Bias::of),
                    entry("Conv2d", Conv2d::of),
                    entry("Dropout", Dropout::of),
                    entry("Embedding", Embedding::of),
                    entry("Flatten", Flatten::of),
                    entry("GELU", GELU::of),
                    entry("GRU", GRU::of),
                    entry("InProjection", InProjection::of),
                    entry("LSTM", LSTM::of),
                    entry("LayerNorm", LayerNorm::of),
                    entry("Linear", Linear::of),
                    entry("MaxPool2d", MaxPool2d::of),
                    entry("Narrow", Narrow::of),
                    entry("Positions", Positions::of),
                    entry("RNN", RNN::of),
                    entry("ReLU", ReLU::of),
                    entry("ScaledDotProductAttention", ScaledDotProductAttention::of),
                    entry("SiLU", SiLU::of),
                    entry("Sigmoid", Sigmoid::of),
                    entry("SparseMatMul", SparseMatMul::of),
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
