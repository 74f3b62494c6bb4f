package io.ketju.tensor.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import org.junit.jupiter.api.Test;

class TensorArenaTest {
    @Test
    void tensorsAreAlignedZeroAndApart() {
        try (TensorArena arena = new TensorArena(1024)) {
            Tensor first = arena.allocate(Shape.of(3));
            Tensor second = arena.allocate(Shape.of(17));
            assertThat(first.toFloats()).containsOnly(0f);
            assertThat(first.segment().address() % TensorArena.ALIGNMENT).isZero();
            assertThat(second.segment().address() - first.segment().address()).isEqualTo(64);
            assertThat(arena.usedBytes()).isEqualTo(64 + 128);
        }
    }

    @Test
    void aFullArenaSaysHowFull() {
        try (TensorArena arena = new TensorArena(128)) {
            arena.allocate(Shape.of(16));
            assertThatThrownBy(() -> arena.allocate(Shape.of(17)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("arena of 128 bytes is full: 64 used, 128 wanted for [17]");
            arena.allocate(Shape.of(16));
        }
    }

    @Test
    void resetTakesEverythingBackAndKeepsThePeak() {
        try (TensorArena arena = new TensorArena(128)) {
            Tensor before = arena.allocate(Shape.of(32));
            arena.reset();
            assertThat(arena.usedBytes()).isZero();
            assertThat(arena.peakBytes()).isEqualTo(128);
            assertThat(arena.allocate(Shape.of(1)).segment().address())
                    .isEqualTo(before.segment().address());
        }
    }

    @Test
    void useAfterCloseThrows() {
        TensorArena arena = new TensorArena(128);
        Tensor tensor = arena.allocate(Shape.of(4));
        arena.close();
        assertThatThrownBy(() -> tensor.getFloat(0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> tensor.setFloat(0, 1)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(tensor::clear).isInstanceOf(IllegalStateException.class);
    }
}
