package io.ketju.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.layers.catalogue.Layers;
import io.ketju.layers.spec.Spec;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No layer without a row, no row without a layer, and the text of each reads back. */
class LayerRowsTest {
    static List<LayerCase> cases() {
        return LayerCase.rows();
    }

    private static Collection<String> names(List<LayerCase> rows) {
        return rows.stream()
                .map(row -> Spec.parse(row.spec()).name())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyLayerHasARow() {
        assertThat(names(LayerCase.all()))
                .as("layers with a row in src/test/resources/cases/layers")
                .containsExactlyElementsOf(Layers.names());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void printsWhatItParses(LayerCase test) {
        Layer layer = test.layer();
        assertThat(layer).hasToString(layer.spec().toString());
        assertThat(Layers.parse(layer.toString())).isEqualTo(layer).hasToString(layer.toString());
    }
}
