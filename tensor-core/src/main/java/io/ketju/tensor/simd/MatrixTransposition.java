package io.ketju.tensor.simd;

import static io.ketju.tensor.simd.VectorWidth.LANES;

/**
 * {@code y[j][i] = x[i][j]} for matrices of four-byte elements of any size, block by block.
 *
 * @param rows rows of x, columns of y
 * @param columns columns of x, rows of y
 * @param xStride bytes from one row of x to the next
 * @param yStride bytes from one row of y to the next
 */
public record MatrixTransposition(int rows, int columns, long xStride, long yStride) {
    /** Rows and columns of a square of which both sides stay in the first cache. */
    private static final int SQUARE = 64;

    /**
     * Writes all of y; x and y do not overlap.
     *
     * @param x address of its first element
     * @param y address of its first element
     * @param buffer {@link VectorTranspose#BUFFER_BYTES} of memory
     */
    public void run(long x, long y, long buffer) {
        for (int row = 0; row < rows; row += SQUARE) {
            for (int column = 0; column < columns; column += SQUARE) {
                square(row, column, x, y, buffer);
            }
        }
    }

    private void square(int fromRow, int fromColumn, long x, long y, long buffer) {
        int toRow = Math.min(rows, fromRow + SQUARE);
        int toColumn = Math.min(columns, fromColumn + SQUARE);
        for (int i = fromColumn; i < toColumn; i += LANES) {
            int column = whole(i, columns);
            for (int j = fromRow; j < toRow; j += LANES) {
                int row = whole(j, rows);
                long from = x + row * xStride + 4L * column;
                long to = y + column * yStride + 4L * row;
                if (rows >= LANES && columns >= LANES) {
                    VectorTranspose.block(from, xStride, to, yStride, buffer);
                } else {
                    var edge = VectorTranspose.Edge.of(Math.min(LANES, rows - row), Math.min(LANES, columns - column));
                    VectorTranspose.edge(edge, from, xStride, to, yStride, buffer);
                }
            }
        }
    }

    /** Where a vector starts: one that is cut by the end starts before it, and writes the same as its neighbour again. */
    private static int whole(int at, int end) {
        return Math.max(0, Math.min(at, end - LANES));
    }
}
