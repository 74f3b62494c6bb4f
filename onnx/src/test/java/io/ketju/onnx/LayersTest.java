package io.ketju.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.layers.catalogue.Layers;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every layer of the catalogue, on every row of its tests, gives in onnxruntime what it gives here. */
class LayersTest {
    private static final long SEED = 7;

    /** Layers that have no form in ONNX for some of their inputs, and what the message says. */
    private static final Map<String, String> REASONS = Map.of("NegativeSampling", "draws random numbers");

    @Test
    void everyLayerHasAnExporterAndARow() {
        assertThat(OnnxExport.layers()).isEqualTo(Layers.names());
        assertThat(new TreeSet<>(LayerRow.all().stream().map(LayerRow::kind).toList()))
                .isEqualTo(Layers.names());
    }

    @Test
    void everyRowGivesTheSame() {
        List<String> failures = new ArrayList<>();
        // All kernels give the same bits; these need no time to be compiled.
        try (TensorCore core = TensorCore.open(new TensorCoreOptions(1, KernelChoice.SCALAR))) {
            for (LayerRow row : LayerRow.all()) {
                try {
                    check(row, core);
                } catch (AssertionError | RuntimeException e) {
                    failures.add(row + ": " + e);
                }
            }
        }
        assertThat(failures).as("seed %d", SEED).isEmpty();
    }

    private static void check(LayerRow row, TensorCore core) {
        boolean drawn = row.kind().equals("NegativeSampling")
                && row.inputs().getLast().type().shape().rank() == 1;
        if (drawn) {
            assertThatThrownBy(() -> OnnxExport.of(row.model()).model(name -> new float[0]))
                    .hasMessageContaining("layer " + row.layer())
                    .hasMessageContaining(REASONS.get(row.kind()));
            return;
        }
        try (Comparison comparison = new Comparison(row.model(), row.samples() + 1, SEED, core)) {
            comparison.require(row.values(SEED));
            if (row.batched()) {
                comparison.require(row.samples(row.samples() + 1).values(SEED + 1));
            }
        }
    }
}
