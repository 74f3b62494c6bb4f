package io.ketju.tensor.kernel.sparse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorArena;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sparse matrices and their products against dense ones in double precision. */
class CsrBuilderTest {
    private final TensorArena arena = new TensorArena(1 << 20);

    @AfterEach
    void close() {
        arena.close();
    }

    @Test
    void duplicatesAreSummedAndRowsSorted() {
        CsrMatrix a = CsrBuilder.fromCoordinates(
                3, 4, new int[] {2, 0, 2, 0}, new int[] {3, 1, 0, 1}, new float[] {5, 1, 7, 2}, arena);
        assertThat(ints(a.rowPointers())).containsExactly(0, 1, 1, 3);
        assertThat(ints(a.columnIndexes())).containsExactly(1, 0, 3);
        assertThat(a.values().toFloats()).containsExactly(3, 7, 5);
    }

    @Test
    void productsAreThoseOfTheDenseMatrix() {
        CsrMatrix a = SparseVectorTest.random(1, 6, 5, 14, arena);
        float[] x = {1, -2, 0.5f, 3, 4, -1, 2, 0, 7, 1};
        assertProduct(a, x);
        assertProduct(CsrBuilder.transposed(a, arena), new float[] {1, -2, 0.5f, 3, 4, -1, 2, 0, 7, 1, 5, -3});
        double[][] dense = dense(a);
        double[][] transposed = dense(CsrBuilder.transposed(a, arena));
        for (int row = 0; row < 6; row++) {
            for (int column = 0; column < 5; column++) {
                assertThat(transposed[column][row]).isEqualTo(dense[row][column]);
            }
        }
    }

    @Test
    void theTransposedProductIsAddedRowByRow() {
        CsrMatrix a = SparseVectorTest.random(4, 5, 3, 6, arena);
        Tensor x = tensor(5, 2, 1, -2, 0.5f, 3, 4, -1, 2, 0, 7, 1);
        Tensor y = tensor(3, 2, 1, 2, 3, 4, 5, 6);
        new ScalarSparse().transposedAccumulate(a, x, y);
        double[][] dense = dense(a);
        for (int i = 0; i < y.elements(); i++) {
            double sum = i + 1;
            for (int row = 0; row < a.rows(); row++) {
                sum += dense[row][i / 2] * x.getFloat(row * 2 + i % 2);
            }
            assertThat((double) y.getFloat(i)).as("element %d", i).isCloseTo(sum, Offset.offset(1e-5));
        }
    }

    @Test
    void gradientOfTheValuesIsThatOfFiniteDifferences() {
        CsrMatrix a = SparseVectorTest.random(2, 4, 3, 7, arena);
        Tensor x = tensor(3, 2, 1, -2, 0.5f, 3, 4, -1);
        Tensor dy = tensor(4, 2, 1, 2, -1, 0.5f, 3, 1, 0, -2);
        Tensor dvalues = arena.allocate(Shape.of(a.elements()));
        new ScalarSparse().backwardValues(a, dy, x, dvalues);
        for (int e = 0; e < a.elements(); e++) {
            // The product is linear in the values, so that a difference of 1 is exact but for rounding.
            float value = a.values().getFloat(e);
            double before = weighed(a, x, dy);
            a.values().setFloat(e, value + 1);
            double after = weighed(a, x, dy);
            a.values().setFloat(e, value);
            assertThat((double) dvalues.getFloat(e)).as("element %d", e).isCloseTo(after - before, Offset.offset(1e-5));
        }
    }

    @Test
    void brokenStructuresAreRefused() {
        assertThatThrownBy(() -> CsrBuilder.fromCoordinates(2, 2, new int[] {0}, new int[] {2}, new float[] {1}, arena))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("coordinates: column 2 of element 0 is not from 0 to 1");
        CsrMatrix a = SparseVectorTest.random(3, 4, 3, 7, arena);
        assertThatThrownBy(() -> new CsrMatrix(4, 1, a.rowPointers(), a.columnIndexes(), a.values()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not from 0 to 0");
        assertThatThrownBy(() -> new ScalarSparse().multiply(a, tensor(4, 1, 1, 2, 3, 4), tensor(4, 1, 1, 2, 3, 4)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("operand of a sparse product: expected [3, 1], found float32[4, 1]");
    }

    private void assertProduct(CsrMatrix a, float... values) {
        Tensor x = tensor(a.columns(), 2, values);
        Tensor y = arena.allocate(Shape.of(a.rows(), 2));
        new ScalarSparse().multiply(a, x, y);
        double[][] dense = dense(a);
        for (int i = 0; i < y.elements(); i++) {
            double sum = 0;
            for (int column = 0; column < a.columns(); column++) {
                sum += dense[i / 2][column] * values[column * 2 + i % 2];
            }
            assertThat((double) y.getFloat(i)).as("element %d", i).isCloseTo(sum, Offset.offset(1e-5));
        }
    }

    private static double weighed(CsrMatrix a, Tensor x, Tensor dy) {
        double[][] dense = dense(a);
        double sum = 0;
        for (int i = 0; i < dy.elements(); i++) {
            for (int column = 0; column < a.columns(); column++) {
                sum += dense[i / 2][column] * x.getFloat(column * 2 + i % 2) * dy.getFloat(i);
            }
        }
        return sum;
    }

    private static double[][] dense(CsrMatrix a) {
        double[][] result = new double[a.rows()][a.columns()];
        for (int row = 0; row < a.rows(); row++) {
            for (int e = a.rowPointers().getInt(row); e < a.rowPointers().getInt(row + 1); e++) {
                result[row][a.columnIndexes().getInt(e)] += a.values().getFloat(e);
            }
        }
        return result;
    }

    private Tensor tensor(int rows, int columns, float... values) {
        Tensor tensor = arena.allocate(Shape.of(rows, columns));
        tensor.copyFrom(values);
        return tensor;
    }

    private static int[] ints(Tensor tensor) {
        int[] result = new int[tensor.elements()];
        for (int i = 0; i < result.length; i++) {
            result[i] = tensor.getInt(i);
        }
        return result;
    }
}
