package io.ketju.onnx.layer;

import io.ketju.onnx.graph.Exporter;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The exporter of each layer of the catalogue, by the layer's name. A new layer is one more line in its family's table. */
public final class Exporters {
    /** All of them. */
    public static final SortedMap<String, Exporter> ALL = all();

    private Exporters() {}

    private static SortedMap<String, Exporter> all() {
        SortedMap<String, Exporter> all = new TreeMap<>();
        for (Map<String, Exporter> family : List.of(
                LinearNodes.TABLE,
                ArithmeticNodes.TABLE,
                ShapeNodes.TABLE,
                ConvolutionNodes.TABLE,
                PoolingNodes.TABLE,
                PaddingNodes.TABLE,
                VisionNodes.TABLE,
                NormalizationNodes.TABLE,
                RegularizationNodes.TABLE,
                EmbeddingNodes.TABLE,
                RecurrentNodes.TABLE,
                DecoderNodes.TABLE,
                AttentionNodes.TABLE,
                VocabularyNodes.TABLE,
                SparseNodes.TABLE,
                ActivationNodes.TABLE)) {
            all.putAll(family);
        }
        return Collections.unmodifiableSortedMap(all);
    }
}
