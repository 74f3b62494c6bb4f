package io.ketju.tensor.kernel.sparse;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.simd.LaneSum;

/** Sparse products as plain loops: the definition that the vector kernels are tested against. */
public final class ScalarSparse implements SparseKernels {
    /** Kernels without state: one object serves all threads. */
    public ScalarSparse() {}

    @Override
    public void multiply(CsrMatrix a, Tensor x, Tensor y) {
        multiply(a, x, y, false);
    }

    @Override
    public void multiplyAccumulate(CsrMatrix a, Tensor x, Tensor y) {
        multiply(a, x, y, true);
    }

    @Override
    public void transposedAccumulate(CsrMatrix a, Tensor x, Tensor y) {
        int width = a.width(y, x);
        for (int row = 0; row < a.rows(); row++) {
            for (int e = a.rowPointers().getInt(row); e < a.rowPointers().getInt(row + 1); e++) {
                float value = a.values().getFloat(e);
                int first = a.columnIndexes().getInt(e) * width;
                for (int i = 0; i < width; i++) {
                    float product = value * x.getFloat(row * width + i);
                    y.setFloat(first + i, y.getFloat(first + i) + product);
                }
            }
        }
    }

    @Override
    public void backwardValues(CsrMatrix a, Tensor dy, Tensor x, Tensor dvalues) {
        int width = a.width(x, dy);
        SparseChecks.values(a, dvalues);
        for (int row = 0; row < a.rows(); row++) {
            for (int e = a.rowPointers().getInt(row); e < a.rowPointers().getInt(row + 1); e++) {
                float[] lanes = new float[LaneSum.LANES];
                int column = a.columnIndexes().getInt(e);
                for (int i = 0; i < width; i++) {
                    int lane = i % LaneSum.LANES;
                    lanes[lane] = Math.fma(dy.getFloat(row * width + i), x.getFloat(column * width + i), lanes[lane]);
                }
                dvalues.setFloat(e, LaneSum.fold(lanes));
            }
        }
    }

    @Override
    public void maxima(CsrMatrix a, Tensor x, Tensor y, Tensor winners) {
        SparseChecks.winners(y, winners);
        a.width(x, y);
        RowMaxima.run(a, x, y, winners, 0, a.rows());
    }

    @Override
    public void maximaBackward(Tensor dy, Tensor winners, Tensor dx) {
        SparseChecks.winners(dy, winners);
        RowMaxima.backward(dy, winners, dx, 0, RowMaxima.columns(dy));
    }

    private static void multiply(CsrMatrix a, Tensor x, Tensor y, boolean accumulate) {
        int width = a.width(x, y);
        for (int row = 0; row < a.rows(); row++) {
            for (int i = 0; i < width; i++) {
                float sum = 0;
                for (int e = a.rowPointers().getInt(row); e < a.rowPointers().getInt(row + 1); e++) {
                    int column = a.columnIndexes().getInt(e);
                    sum = Math.fma(a.values().getFloat(e), x.getFloat(column * width + i), sum);
                }
                int at = row * width + i;
                y.setFloat(at, accumulate ? y.getFloat(at) + sum : sum);
            }
        }
    }
}
