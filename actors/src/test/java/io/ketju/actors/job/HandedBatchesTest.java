package io.ketju.actors.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.data.BadDataException;
import io.ketju.layers.model.Model;
import io.ketju.layers.model.ModelText;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HandedBatchesTest {
    private static final Model MODEL = ModelText.parse(
            Shape.of(1),
            List.of(
                    "input x = whole float32[20, 3]",
                    "input row_pointers = constant int32[21]",
                    "input column_indexes = constant int32[40]",
                    "input edge_values = constant float32[40]",
                    "SparseMatMul() <- x, row_pointers, column_indexes, edge_values",
                    "head classes = CrossEntropyLoss() <- 0 targets label"));

    private record Typed(Map<String, TensorType> types) implements HandedBatches.Batch {
        @Override
        public Set<String> names() {
            return types.keySet();
        }

        @Override
        public TensorType type(String name) {
            return Objects.requireNonNull(types.get(name));
        }

        @Override
        public void copy(String name, int firstValue, Tensor target) {
            target.clear();
        }
    }

    private static Typed batch(TensorType columnIndexes) {
        return new Typed(Map.of(
                "x", TensorType.floats(20, 3),
                "row_pointers", TensorType.ints(21),
                "column_indexes", columnIndexes,
                "edge_values", TensorType.floats(40),
                "label", TensorType.ints(20)));
    }

    /** Stages have memory for the very type that the model says. */
    @Test
    void constantsAreOfTheTypeThatTheModelSays() {
        HandedBatches batches = new HandedBatches(MODEL, 1, 1, OptionalInt.empty());
        for (TensorType wrong : List.of(TensorType.ints(39), TensorType.ints(41), TensorType.floats(40))) {
            Typed batch = batch(wrong);
            assertThatThrownBy(() -> batches.hand(0, batch, batch.names(), true))
                    .isInstanceOf(BadDataException.class)
                    .hasMessage("batch: expected 'column_indexes' of int32[40], found " + wrong);
        }
        Typed sound = batch(TensorType.ints(40));
        batches.hand(0, sound, sound.names(), true);
        assertThat(batches.plan(0).samples()).isEqualTo(1);
    }
}
