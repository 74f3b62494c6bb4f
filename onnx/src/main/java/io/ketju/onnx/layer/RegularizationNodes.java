package io.ketju.onnx.layer;

import io.ketju.onnx.graph.Exporter;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What only training does: in evaluation these layers give what they are given. */
final class RegularizationNodes {
    static final Map<String, Exporter> TABLE = Stream.of(
                    "Dropout", "Dropout1d", "Dropout2d", "AlphaDropout", "FeatureAlphaDropout", "StochasticDepth")
            .collect(Collectors.toUnmodifiableMap(name -> name, name -> site -> List.of(site.input(0))));

    private RegularizationNodes() {}
}
