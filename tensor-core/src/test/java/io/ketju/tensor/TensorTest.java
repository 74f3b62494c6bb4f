package io.ketju.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.tensor.memory.TensorArena;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TensorTest {
    private final TensorArena arena = new TensorArena(4096);

    @AfterEach
    void close() {
        arena.close();
    }

    @Test
    void aViewSharesItsMemory() {
        Tensor tensor = counting(2, 6);
        Tensor view = tensor.view(Shape.of(3, 4));
        view.setFloat(5, -1);
        assertThat(tensor.getFloat(5)).isEqualTo(-1);
        assertThatThrownBy(() -> tensor.view(Shape.of(5))).hasMessage("cannot view [2, 6] as [5]");
    }

    @Test
    void samplesAreRowsOfTheSameMemory() {
        Tensor tensor = counting(4, 3);
        Tensor middle = tensor.samples(1, 2);
        assertThat(middle.shape()).isEqualTo(Shape.of(2, 3));
        assertThat(middle.toFloats()).containsExactly(3, 4, 5, 6, 7, 8);
        middle.clear();
        assertThat(tensor.toFloats()).containsExactly(0, 1, 2, 0, 0, 0, 0, 0, 0, 9, 10, 11);
        assertThatThrownBy(() -> tensor.samples(3, 2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void integersKeepTheirBits() {
        Tensor tensor = arena.allocate(DType.INT32, Shape.of(2));
        tensor.setInt(1, 0x7fc12345);
        assertThat(tensor.getInt(1)).isEqualTo(0x7fc12345);
        assertThat(tensor).hasToString("int32[2]");
    }

    @Test
    void copiesNeedEqualSizesAndTypes() {
        Tensor tensor = counting(3);
        Tensor other = arena.allocate(Shape.of(3, 1));
        other.copyFrom(tensor);
        assertThat(other.toFloats()).containsExactly(0, 1, 2);
        other.copyFrom(new float[] {5, 6, 7});
        assertThat(other.toFloats()).containsExactly(5, 6, 7);
        assertThatThrownBy(() -> other.copyFrom(new float[2])).hasMessage("cannot copy 2 values into float32[3, 1]");
        assertThatThrownBy(() -> other.copyFrom(counting(4))).hasMessage("cannot copy float32[4] into float32[3, 1]");
        Tensor integers = arena.allocate(DType.INT32, Shape.of(3));
        assertThatThrownBy(() -> other.copyFrom(integers)).hasMessage("cannot copy int32[3] into float32[3, 1]");
    }

    @Test
    void touchingElementsOutsideThrows() {
        Tensor tensor = counting(3);
        assertThatThrownBy(() -> tensor.getFloat(3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> tensor.setFloat(-1, 0)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    private Tensor counting(int... dimensions) {
        Tensor tensor = arena.allocate(Shape.of(dimensions));
        for (int i = 0; i < tensor.elements(); i++) {
            tensor.setFloat(i, i);
        }
        return tensor;
    }
}
