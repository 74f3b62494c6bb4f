package io.ketju.tensor.kernel.elementwise;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.simd.Operands;

/** Checks of operands that are added along rows or columns. */
final class Broadcast {
    private Broadcast() {}

    /** Number of rows of x, each as long as row. */
    static int rows(Tensor x, Tensor row, Tensor y) {
        int elements = Operands.elements(x, y);
        int columns = row.elements();
        if (columns == 0 ? elements != 0 : elements % columns != 0) {
            throw new IllegalArgumentException("row " + row + " does not divide the elements of " + x);
        }
        return columns == 0 ? 0 : elements / columns;
    }

    /** Number of rows of x, a multiple of the elements of column. */
    static int columns(int columns, Tensor x, Tensor column, Tensor y) {
        int elements = Operands.elements(x, y);
        long block = (long) columns * column.elements();
        if (columns < 0 || (block == 0 ? elements != 0 : elements % block != 0)) {
            throw new IllegalArgumentException("column " + column + " of rows of " + columns + " does not divide " + x);
        }
        return columns == 0 ? 0 : elements / columns;
    }
}
