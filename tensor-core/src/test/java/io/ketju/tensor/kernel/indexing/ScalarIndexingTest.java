package io.ketju.tensor.kernel.indexing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import io.ketju.tensor.simd.ColumnSum;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The definitions of indexing on examples written out by hand. */
class ScalarIndexingTest {
    private final TensorArena arena = new TensorArena(1 << 16);
    private final IndexingKernels kernels = new ScalarIndexing();

    @AfterEach
    void close() {
        arena.close();
    }

    @Test
    void embeddingAndItsGradient() {
        Tensor y = tensor(3, 2, 0, 0, 0, 0, 0, 0);
        kernels.embeddingForward(tensor(3, 2, 1, 2, 3, 4, 5, 6), ints(2, 0, 2), y);
        assertThat(y.toFloats()).containsExactly(5, 6, 1, 2, 5, 6);
        Tensor dw = tensor(3, 2, 1, 1, 1, 1, 1, 1);
        kernels.embeddingBackward(0, y, ints(2, 0, 2), dw);
        assertThat(dw.toFloats()).containsExactly(1, 1, 1, 1, 11, 13);
        kernels.embeddingBackward(IndexingKernels.NO_PADDING, y, ints(2, 0, 2), dw);
        assertThat(dw.toFloats()).containsExactly(2, 3, 1, 1, 21, 25);
    }

    @Test
    void rowsArePutBack() {
        Tensor w = tensor(3, 2, 1, 2, 3, 4, 5, 6);
        kernels.putRows(tensor(2, 2, 7, 8, 9, 10), ints(2, 0), w);
        assertThat(w.toFloats()).containsExactly(9, 10, 3, 4, 7, 8);
        assertThatThrownBy(() -> kernels.putRows(tensor(1, 2, 7, 8), ints(3), w))
                .hasMessage("index 3 at position 0 is not from 0 to 2");
    }

    /** An index that is met as often as {@link ColumnSum#BLOCK} says adds row by row, one more, and it adds their sum. */
    @Test
    void frequentRowsAreSummedFirst() {
        float each = 0.25f;
        float one = 1 << 24;
        for (int count : new int[] {ColumnSum.BLOCK, ColumnSum.BLOCK + 1}) {
            Tensor dy = arena.allocate(Shape.of(count, 1));
            Tensor indices = arena.allocate(DType.INT32, Shape.of(count));
            for (int i = 0; i < count; i++) {
                dy.setFloat(i, each);
                indices.setInt(i, 1);
            }
            Tensor dw = tensor(2, 1, 0, one);
            kernels.embeddingBackward(IndexingKernels.NO_PADDING, dy, indices, dw);
            // A quarter is lost beside a number whose neighbours are two away, sixty-four are not.
            assertThat(dw.toFloats()).containsExactly(0, count > ColumnSum.BLOCK ? one + 64 : one);
        }
    }

    @Test
    void gatherAndScatterAdd() {
        GatherShape shape = new GatherShape(1, 3, 2, 2);
        Tensor x = tensor(3, 2, 1, 2, 3, 4, 5, 6);
        Tensor y = tensor(2, 2, 0, 0, 0, 0);
        kernels.gather(shape, x, ints(2, 0, 2, 1), y);
        assertThat(y.toFloats()).containsExactly(5, 2, 5, 4);
        kernels.scatterAdd(shape, y, ints(2, 0, 2, 1), x);
        assertThat(x.toFloats()).containsExactly(1, 4, 3, 8, 15, 6);
    }

    @Test
    void sliceAndItsGradient() {
        SliceShape shape = new SliceShape(2, 4, 1, 2, 2, 1);
        Tensor x = tensor(2, 4, 1, 2, 3, 4, 5, 6, 7, 8);
        Tensor y = tensor(2, 2, 0, 0, 0, 0);
        kernels.slice(shape, x, y);
        assertThat(y.toFloats()).containsExactly(2, 4, 6, 8);
        kernels.spread(shape, y, x);
        assertThat(x.toFloats()).containsExactly(0, 2, 0, 4, 0, 6, 0, 8);
        assertThatThrownBy(() -> new SliceShape(2, 4, 1, 3, 2, 1))
                .hasMessage("slice: expected positions from 0 to 3, found 2 from 1 in steps of 3");
    }

    @Test
    void permute() {
        Tensor y = tensor(3, 2, 0, 0, 0, 0, 0, 0);
        kernels.permute(tensor(2, 3, 1, 2, 3, 4, 5, 6), y, 1, 0);
        assertThat(y.toFloats()).containsExactly(1, 4, 2, 5, 3, 6);
        assertThatThrownBy(() -> kernels.permute(y, y, 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("permute: expected each dimension of float32[3, 2] once, found [1, 1]");
    }

    @Test
    void theLargestComeFirstAndOfEqualsTheEarlier() {
        Tensor x = tensor(2, 5, 3, 7, -1, 7, 3, 0, Float.NaN, Float.POSITIVE_INFINITY, -0f, Float.NaN);
        Tensor values = tensor(2, 3, 0, 0, 0, 0, 0, 0);
        Tensor places = ints(0, 0, 0, 0, 0, 0);
        kernels.topK(3, x, values, places);
        assertThat(values.toFloats()).containsExactly(7, 7, 3, Float.NaN, Float.NaN, Float.POSITIVE_INFINITY);
        assertInts(places, 1, 3, 0, 1, 4, 2);
        Tensor best = ints(9, 9);
        kernels.argmax(x, best);
        assertInts(best, 1, 1);
        assertThatThrownBy(() -> kernels.topK(6, x, values, places))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("top-k: expected k from 1 to 5, found 6");
    }

    @Test
    void oneHot() {
        Tensor y = tensor(2, 3, 9, 9, 9, 9, 9, 9);
        kernels.oneHot(ints(2, 0), y);
        assertThat(y.toFloats()).containsExactly(0, 0, 1, 1, 0, 0);
    }

    private static void assertInts(Tensor actual, int... expected) {
        for (int i = 0; i < expected.length; i++) {
            assertThat(actual.getInt(i)).as("element %d", i).isEqualTo(expected[i]);
        }
    }

    private Tensor tensor(int rows, int columns, float... values) {
        Tensor tensor = arena.allocate(Shape.of(rows, columns));
        tensor.copyFrom(values);
        return tensor;
    }

    private Tensor ints(int... values) {
        Tensor tensor = arena.allocate(DType.INT32, Shape.of(values.length));
        for (int i = 0; i < values.length; i++) {
            tensor.setInt(i, values[i]);
        }
        return tensor;
    }
}
