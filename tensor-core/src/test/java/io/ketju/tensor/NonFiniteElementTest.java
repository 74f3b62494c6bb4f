package io.ketju.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.tensor.memory.TensorArena;
import org.junit.jupiter.api.Test;

class NonFiniteElementTest {
    @Test
    void theFirstOneIsNamedByItsPosition() {
        try (TensorArena arena = new TensorArena(1 << 12)) {
            Tensor tensor = arena.allocate(Shape.of(2, 3, 5));
            tensor.setFloat(0, Float.MAX_VALUE);
            assertThat(NonFiniteElement.firstIn(tensor)).isEmpty();
            tensor.setFloat(29, Float.NaN);
            assertThat(NonFiniteElement.firstIn(tensor).orElseThrow()).hasToString("NaN at [1, 2, 4]");
            tensor.setFloat(17, Float.NEGATIVE_INFINITY);
            assertThat(NonFiniteElement.firstIn(tensor).orElseThrow()).hasToString("-Infinity at [1, 0, 2]");
        }
    }

    @Test
    void scalarsHaveNoPositionAndWholeNumbersAreFinite() {
        try (TensorArena arena = new TensorArena(1 << 12)) {
            Tensor scalar = arena.allocate(Shape.of());
            scalar.setFloat(0, Float.POSITIVE_INFINITY);
            assertThat(NonFiniteElement.firstIn(scalar).orElseThrow()).hasToString("Infinity at []");
            Tensor whole = arena.allocate(DType.INT32, Shape.of(1));
            whole.setInt(0, 0x7fc00000);
            assertThat(NonFiniteElement.firstIn(whole)).isEmpty();
        }
    }
}
