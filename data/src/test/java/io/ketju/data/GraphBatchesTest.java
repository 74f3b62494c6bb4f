package io.ketju.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class GraphBatchesTest {
    private static GraphBatches.Graph graph(float... features) {
        return new GraphBatches.Graph(new int[] {0, 2, 3}, new int[] {0, 1, 1}, new float[] {0.5f, 0.25f, 1}, features);
    }

    @Test
    void theGraphIsConstantAndOnlyTheClassesChange() {
        GraphBatches batches = new GraphBatches("two", graph(1, 2, 3, 4), "label", -100, 1);
        BatchPlan plan = batches.plan(7);
        assertThat(plan.microbatches()).hasSize(1);
        assertThat(plan.microbatches().getFirst().types()).containsOnly(Map.entry("label", TensorType.ints(2)));
        assertThat(batches.ports().stream().filter(BatchPort::constant).map(BatchPort::name))
                .containsExactly("row_pointers", "column_indexes", "edge_values", "features");
        try (BatchTensors tensors = new BatchTensors(batches)) {
            Map<String, Tensor> all = tensors.read(plan).getFirst();
            assertThat(Objects.requireNonNull(all.get("features")).toFloats()).containsExactly(1, 2, 3, 4);
            assertThat(Objects.requireNonNull(all.get("edge_values")).toFloats())
                    .containsExactly(0.5f, 0.25f, 1);
            assertThat(Objects.requireNonNull(all.get("row_pointers")).getInt(2))
                    .isEqualTo(3);
            assertThat(Objects.requireNonNull(all.get("label")).getInt(0)).isEqualTo(-100);
        }
    }

    @Test
    void whatIsNoGraphIsRefused() {
        assertThatThrownBy(
                        () -> new GraphBatches.Graph(new int[] {0, 1}, new int[] {1}, new float[] {1}, new float[] {1}))
                .hasMessage("graph: expected columns from 0 to 0, found 1");
        assertThatThrownBy(
                        () -> new GraphBatches.Graph(new int[] {0, 2}, new int[] {0}, new float[] {1}, new float[] {1}))
                .hasMessage("graph: expected row pointers from 0 to 1, found 0 to 2");
        assertThatThrownBy(() -> new GraphBatches("two", graph(1, 2), "label", 1))
                .hasMessage("two: expected a class for each of 2 nodes, found 1 classes");
        GraphBatches bad = new GraphBatches("two", graph(1, Float.NaN), "label", 1, 0);
        assertThatThrownBy(() -> new BatchTensors(bad)).hasMessage("two: feature at [1, 0] is NaN");
    }
}
