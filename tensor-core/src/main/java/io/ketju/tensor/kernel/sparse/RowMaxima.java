package io.ketju.tensor.kernel.sparse;

import io.ketju.tensor.Tensor;

/** Maxima as plain loops: they stand for the scalar and the vector kernels, since rows, and columns backward, do not meet. */
final class RowMaxima {
    private RowMaxima() {}

    /** Elements of a row; none of a tensor without any. */
    static int columns(Tensor rows) {
        return rows.elements() == 0 ? 0 : rows.shape().dimension(-1);
    }

    /** The rows of A from {@code from} to {@code to - 1}. */
    static void run(CsrMatrix a, Tensor x, Tensor y, Tensor winners, int from, int to) {
        int width = columns(y);
        for (int row = from; row < to; row++) {
            int first = a.rowPointers().getInt(row);
            int end = a.rowPointers().getInt(row + 1);
            for (int i = 0; i < width; i++) {
                int winner = first == end ? -1 : a.columnIndexes().getInt(first);
                float largest = winner < 0 ? 0 : x.getFloat(winner * width + i);
                for (int e = first + 1; e < end; e++) {
                    int column = a.columnIndexes().getInt(e);
                    float value = x.getFloat(column * width + i);
                    if (value > largest || (Float.isNaN(value) && !Float.isNaN(largest))) {
                        winner = column;
                        largest = value;
                    }
                }
                y.setFloat(row * width + i, largest);
                winners.setInt(row * width + i, winner);
            }
        }
    }

    /** The columns from {@code from} to {@code to - 1}. */
    static void backward(Tensor dy, Tensor winners, Tensor dx, int from, int to) {
        int width = columns(dy);
        int nodes = width == 0 ? 0 : dx.elements() / width;
        for (int i = from; i < to; i++) {
            for (int node = 0; node < nodes; node++) {
                dx.setFloat(node * width + i, 0);
            }
            for (int at = i; at < dy.elements(); at += width) {
                int winner = winners.getInt(at);
                if (winner >= 0) {
                    int place = winner * width + i;
                    dx.setFloat(place, dx.getFloat(place) + dy.getFloat(at));
                }
            }
        }
    }
}
