package io.ketju.benchmarks.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.benchmarks.layers.LayerRow.Input;
import io.ketju.benchmarks.measure.Fingerprint;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.core.TensorCore;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayerRowTest {
    /** This module's folder, in which its tests run. */
    private static final List<LayerRow> ROWS = LayerRow.in(Path.of("."));

    @Test
    void everyRowIsALayerThatTakesItsInputs() {
        for (LayerRow row : ROWS) {
            assertThat(row.layer().outputs(row.types())).as(row.title()).isNotEmpty();
        }
        assertThat(ROWS).extracting(LayerRow::title).doesNotHaveDuplicates();
        assertThat(LayerRow.missing(ROWS))
                .as("layers without a row; of those that compute nothing, none has one")
                .containsExactlyInAnyOrder("Flatten", "Identity", "Reshape", "Unflatten");
        assertThat(LayerRow.missing(List.of())).contains("Linear");
    }

    @Test
    void inputsAreRead() {
        assertThat(Input.parse(" int32[3, 4]<5 ")).isEqualTo(new Input(TensorType.ints(3, 4), 5, false));
        assertThat(Input.parse("int32[4]pointers")).isEqualTo(new Input(TensorType.ints(4), 0, false));
        assertThat(Input.parse("positive[2]")).isEqualTo(new Input(TensorType.floats(2), 0, true));
    }

    /** A second call overwrites what the first gave, and adds to the gradients of weights. */
    @Test
    void aStepRunsForwardAndBackward() {
        try (TensorCore core = TensorCore.open(1)) {
            for (String name :
                    List.of("Bias", "RNNCell", "BatchNorm1d", "Embedding", "GraphAttention", "NegativeSampling")) {
                LayerRow row = ROWS.stream()
                        .filter(each -> each.text().startsWith(name + "("))
                        .findFirst()
                        .orElseThrow();
                try (LayerStep step = LayerStep.open(row, core)) {
                    step.run();
                    Fingerprint once = step.results();
                    assertThat(once.magnitude()).as(name).isFinite().isPositive();
                    step.run();
                    assertThat(step.results().magnitude()).as(name).isGreaterThan(once.magnitude());
                }
            }
        }
    }
}
