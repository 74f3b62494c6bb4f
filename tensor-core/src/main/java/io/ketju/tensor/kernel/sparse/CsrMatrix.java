package io.ketju.tensor.kernel.sparse;

import io.ketju.tensor.DType;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.simd.VectorMemory;

/**
 * A sparse matrix in compressed rows: the elements of row r are those from {@code rowPointers[r]} to {@code
 * rowPointers[r+1] - 1}. The structure is checked here, once, and must not change afterwards: kernels trust it. Values
 * may change.
 *
 * @param rows at least 0
 * @param columns at least 0
 * @param rowPointers INT32 [rows + 1], ascending from 0
 * @param columnIndexes INT32 [elements], from 0; one row may list a column twice
 * @param values FLOAT32 [elements]
 */
public record CsrMatrix(int rows, int columns, Tensor rowPointers, Tensor columnIndexes, Tensor values) {
    /**
     * Reads the whole structure and checks it.
     *
     * @throws IllegalArgumentException if sizes or types do not fit, pointers fall, or a column is not there
     */
    public CsrMatrix {
        if (rows < 0 || columns < 0 || rowPointers.elements() != rows + 1) {
            throw new IllegalArgumentException("sparse matrix of " + rows + " x " + columns + ": expected " + (rows + 1)
                    + " row pointers, found " + rowPointers);
        }
        if (columnIndexes.elements() != values.elements()) {
            throw new IllegalArgumentException(
                    "sparse matrix: expected a column for each value, found " + columnIndexes + " for " + values);
        }
        if (rowPointers.dtype() != DType.INT32 || columnIndexes.dtype() != DType.INT32) {
            throw new IllegalArgumentException(
                    "sparse matrix: expected int32 indexes, found " + rowPointers + " and " + columnIndexes);
        }
        for (int row = 0; row < rows; row++) {
            if (rowPointers.getInt(row) > rowPointers.getInt(row + 1)) {
                throw new IllegalArgumentException("sparse matrix: row pointers fall after row " + row);
            }
        }
        if (rowPointers.getInt(0) != 0 || rowPointers.getInt(rows) != values.elements()) {
            throw new IllegalArgumentException("sparse matrix: expected row pointers from 0 to " + values.elements()
                    + ", found " + rowPointers.getInt(0) + " to " + rowPointers.getInt(rows));
        }
        int outside = outside(columnIndexes, columns);
        if (outside >= 0) {
            throw new IllegalArgumentException("sparse matrix: column " + columnIndexes.getInt(outside) + " of element "
                    + outside + " is not from 0 to " + (columns - 1));
        }
    }

    /** The first element whose column there is not, or -1: a loop over memory, as there may be many, at every use. */
    private static int outside(Tensor columnIndexes, int columns) {
        long address = VectorMemory.address(columnIndexes);
        int elements = columnIndexes.elements();
        for (int e = 0; e < elements; e++) {
            int column = VectorMemory.getInt(address + 4L * e);
            if (column < 0 || column >= columns) {
                return e;
            }
        }
        return -1;
    }

    /** {@return the number of stored elements} */
    public int elements() {
        return values.elements();
    }

    /** The columns of a dense operand with as many rows as this has columns, or as this has rows. */
    int width(Tensor dense, int denseRows, String what) {
        int width = dense.shape().rank() == 0 ? 1 : dense.shape().dimension(-1);
        if (dense.elements() != (long) denseRows * width) {
            throw new IllegalArgumentException(
                    what + " of a sparse product: expected [" + denseRows + ", " + width + "], found " + dense);
        }
        return width;
    }

    /** The columns of both dense operands. */
    int width(Tensor x, Tensor y) {
        int width = width(x, columns, "operand");
        if (width != width(y, rows, "result")) {
            throw new IllegalArgumentException("sparse product: expected as many columns, found " + x + " and " + y);
        }
        return width;
    }
}
