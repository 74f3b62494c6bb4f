package io.ketju.tensor.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ScratchTest {
    private static final int MIB = 1 << 20;

    @Test
    void releaseTakesBackWhatCameAfterTheMark() {
        try (Scratch scratch = new Scratch()) {
            Tensor kept = scratch.allocate(Shape.of(5));
            kept.setFloat(0, 42);
            long mark = scratch.mark();
            Tensor first = scratch.allocate(Shape.of(100));
            scratch.release(mark);
            Tensor second = scratch.allocate(Shape.of(100));
            assertThat(second.segment().address()).isEqualTo(first.segment().address());
            assertThat(second.segment().address() % TensorArena.ALIGNMENT).isZero();
            second.clear();
            assertThat(kept.getFloat(0)).isEqualTo(42);
        }
    }

    @Test
    void growsWithoutMovingWhatIsInUse() {
        try (Scratch scratch = new Scratch()) {
            Tensor kept = scratch.allocate(Shape.of(5));
            kept.setFloat(4, 42);
            Tensor large = scratch.allocate(Shape.of(MIB));
            large.clear();
            Tensor small = scratch.allocate(Shape.of(3));
            small.clear();
            assertThat(kept.getFloat(4)).isEqualTo(42);
        }
    }

    @Test
    void aRepeatedCallStopsGrowing() {
        try (Scratch scratch = new Scratch()) {
            long warm = 0;
            for (int call = 0; call < 5; call++) {
                for (int size : new int[] {10, MIB, 1000, 2 * MIB}) {
                    scratch.allocate(Shape.of(size)).setFloat(size - 1, 1);
                }
                scratch.release(0);
                warm = call == 0 ? scratch.capacityBytes() : warm;
            }
            assertThat(scratch.capacityBytes()).isEqualTo(warm);
        }
    }

    @Test
    void nestedMarksAcrossBlocks() {
        try (Scratch scratch = new Scratch()) {
            long outer = scratch.mark();
            scratch.allocate(MIB - 64);
            long inner = scratch.mark();
            Tensor overflow = scratch.allocate(Shape.of(64));
            scratch.release(inner);
            assertThat(scratch.allocate(Shape.of(64)).segment().address())
                    .isEqualTo(overflow.segment().address());
            scratch.release(outer);
            assertThat(scratch.mark()).isZero();
        }
    }

    @Test
    void releasingToAHigherMarkThrows() {
        try (Scratch scratch = new Scratch()) {
            assertThatThrownBy(() -> scratch.release(64)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void useAfterCloseThrows() {
        Scratch scratch = new Scratch();
        Tensor tensor = scratch.allocate(Shape.of(5));
        scratch.close();
        assertThatThrownBy(() -> tensor.getFloat(0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> scratch.allocate(64)).isInstanceOf(IllegalStateException.class);
    }
}
