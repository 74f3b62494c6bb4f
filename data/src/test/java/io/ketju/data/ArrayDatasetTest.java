package io.ketju.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import org.junit.jupiter.api.Test;

class ArrayDatasetTest {
    private static final Shape PAIR = Shape.of(2);

    private static ArrayDataset data(float third, int target) {
        return new ArrayDataset("data", PAIR, new float[] {1, 2, third, 4}, new int[] {0, target});
    }

    @Test
    void theIdentityDependsOnEveryValue() {
        assertThat(data(3, 1).identity()).isEqualTo(data(3, 1).identity()).matches("[0-9a-f]{64}");
        assertThat(data(3, 1).identity())
                .isNotEqualTo(data(3.0000002f, 1).identity())
                .isNotEqualTo(data(3, 2).identity());
    }

    @Test
    void refusesArraysThatDoNotFit() {
        assertThatThrownBy(() -> new ArrayDataset("d", PAIR, new float[3], new int[2]))
                .isInstanceOf(BadDataException.class)
                .hasMessage("d: expected 2 samples of [2] = 4 values, found 3 values");
        assertThatThrownBy(() -> new ArrayDataset("d", PAIR, new float[0], new int[0]))
                .hasMessage("d: expected at least one sample, found none");
        assertThatThrownBy(() -> new ArrayDataset("d", PAIR, new float[4], new int[] {0, -1}))
                .hasMessage("d, sample 1: expected a class index from 0 up, below 2^31-1, found -1");
    }

    @Test
    void refusesTensorsAndRowsThatDoNotFit() {
        ArrayDataset data = data(3, 1);
        try (TensorArena arena = new TensorArena(1 << 12)) {
            Tensor batch = arena.allocate(Shape.of(3, 2));
            assertThatThrownBy(() -> data.copyInput(0, arena.allocate(Shape.of(2, 3)), 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("expected a batch of FLOAT32 samples [2], got float32[2, 3]");
            assertThatThrownBy(() -> data.copyInput(0, arena.allocate(DType.INT32, Shape.of(3, 2)), 0))
                    .hasMessage("expected a batch of FLOAT32 samples [2], got int32[3, 2]");
            assertThatThrownBy(() -> data.copyTarget(0, batch, 0)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> data.copyInput(0, batch, 3)).hasMessage("row 3 of float32[3, 2]");
            assertThatThrownBy(() -> data.copyInput(2, batch, 0)).hasMessage("sample 2 of data, which has 2");
        }
    }

    @Test
    void trainAndTestMustMatch() {
        assertThatThrownBy(() -> new TrainTest(data(3, 1), data(3, 2)))
                .hasMessage("train and test do not match: data has inputs [2] and 2 classes, "
                        + "data has inputs [2] and 3 classes");
    }
}
