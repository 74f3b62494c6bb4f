package io.ketju.tensor.kernel.reduction;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.tensor.Shape;
import io.ketju.tensor.core.TensorCore;
import io.ketju.tensor.core.TensorCoreOptions;
import io.ketju.tensor.core.TensorCoreOptions.KernelChoice;
import io.ketju.tensor.simd.ColumnSum;
import io.ketju.tensor.simd.LaneSum;
import io.ketju.tensor.testing.InlineTiles;
import io.ketju.tensor.testing.Operand;
import org.junit.jupiter.api.Test;

/** Vector reductions against the scalar ones, bit for bit. Runs at every vector width. */
class ReductionVectorTest {
    private static final int[] COLUMNS = {1, 3, 8, 15, 16, 17, 31, 33, 48, 100, 1025};

    private final ReductionKernels scalar = new ScalarReduction();
    private final ReductionKernels vector = new VectorReduction(new InlineTiles());

    @Test
    void rowsAndColumnsOfEverySize() {
        for (int columns : COLUMNS) {
            for (int rows : new int[] {0, 1, 5}) {
                both(Operand.uniform(columns, "x", Shape.of(rows, columns)));
                both(Operand.special(columns, "x", Shape.of(rows, columns)));
            }
        }
        both(Operand.uniform(1, "long rows", Shape.of(2, 2 * LaneSum.BLOCK + 21)));
        both(Operand.uniform(1, "blocks", Shape.of(2 * ColumnSum.BLOCK + 3, 19)));
    }

    @Test
    void rowsWithoutColumns() {
        Operand x = Operand.uniform(1, "x", Shape.of(3, 0));
        for (Reduction reduction : Reduction.values()) {
            Operand expected = Operand.uniform(2, "y", Shape.of(3));
            Operand actual = Operand.uniform(3, "y", Shape.of(3));
            scalar.rows(reduction, x.tensor, expected.tensor);
            vector.rows(reduction, x.tensor, actual.tensor);
            actual.assertSameBits(reduction + " of nothing", expected);
        }
    }

    @Test
    void allOfSeveralBlocksOnSeveralThreads() {
        Operand x = Operand.uniform(4, "x", Shape.of(2 * ReductionKernels.BLOCK + 37));
        for (int threads : new int[] {1, 3}) {
            try (TensorCore core = TensorCore.open(new TensorCoreOptions(threads, KernelChoice.VECTOR))) {
                all(core.kernels().reduction(), x);
            }
        }
    }

    private void both(Operand x) {
        all(vector, x);
        int columns = x.tensor.shape().dimension(-1);
        int rows = x.tensor.shape().dimension(0);
        for (Reduction reduction : Reduction.values()) {
            Operand expected = Operand.uniform(2, "y", Shape.of(rows));
            Operand actual = Operand.uniform(3, "y", Shape.of(rows));
            scalar.rows(reduction, x.tensor, expected.tensor);
            vector.rows(reduction, x.tensor, actual.tensor);
            actual.assertSameBits(reduction + " of rows of " + x.tensor, expected);
            Operand wanted = Operand.uniform(2, "y", Shape.of(columns));
            Operand got = Operand.uniform(3, "y", Shape.of(columns));
            scalar.columns(reduction, x.tensor, wanted.tensor);
            vector.columns(reduction, x.tensor, got.tensor);
            got.assertSameBits(reduction + " of columns of " + x.tensor, wanted);
        }
        Operand mean = Operand.uniform(5, "mean", Shape.of(rows));
        Operand expected = Operand.uniform(6, "variance", Shape.of(rows));
        Operand actual = Operand.uniform(7, "variance", Shape.of(rows));
        scalar.varianceRows(1, x.tensor, mean.tensor, expected.tensor);
        vector.varianceRows(1, x.tensor, mean.tensor, actual.tensor);
        actual.assertSameBits("variance of rows of " + x.tensor, expected);
    }

    private void all(ReductionKernels kernels, Operand x) {
        for (Reduction reduction : Reduction.values()) {
            assertThat(Float.floatToIntBits(kernels.all(reduction, x.tensor)))
                    .as("%s of all of %s", reduction, x.tensor)
                    .isEqualTo(Float.floatToIntBits(scalar.all(reduction, x.tensor)));
        }
        assertThat(Double.doubleToLongBits(kernels.squaredNorm(x.tensor)))
                .as("squared norm of %s", x.tensor)
                .isEqualTo(Double.doubleToLongBits(scalar.squaredNorm(x.tensor)));
        assertThat(Double.doubleToLongBits(kernels.absoluteNorm(x.tensor)))
                .as("absolute norm of %s", x.tensor)
                .isEqualTo(Double.doubleToLongBits(scalar.absoluteNorm(x.tensor)));
        Operand y = Operand.uniform(8, "y", x.tensor.shape());
        assertThat(Double.doubleToLongBits(kernels.dot(x.tensor, y.tensor)))
                .as("product of %s", x.tensor)
                .isEqualTo(Double.doubleToLongBits(scalar.dot(x.tensor, y.tensor)));
    }
}
