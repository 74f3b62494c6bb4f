package io.ketju.tensor.kernel.matrix;

import static io.ketju.tensor.kernel.matrix.MatrixKernels.K_BLOCK;

import io.ketju.tensor.kernel.matrix.MicroKernel.Left;
import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorWidth;
import jdk.incubator.vector.VectorMask;

/**
 * Rows of a in the array that micro-kernels broadcast them from, in {@link RowGroups}. What the array holds beyond the
 * last row is multiplied in vain, because every further height of groups would be a class of its own that the compiler
 * must meet often enough.
 */
public final class LeftBlock {
    /**
     * Most rows of a group. With panels of four vectors, 24 sums, the panel's row and one number fit the 32 registers of
     * 512-bit machines; with panels of two, 12 sums fit the 16 of others. Fewer, wider rows read less than 12 x 2.
     */
    public static final int ROWS = 6;

    /** Rows of the low groups: see {@link RowGroups}. */
    static final int LOW_ROWS = 4;

    /** Floats from a row to the next: not a power of two, so that rows do not fight for places in the first cache. */
    public static final int ROW = K_BLOCK + 16;

    /**
     * Floats from a column to the next where a was transposed: so many rows are a panel. Whole vectors are written for each
     * column, the next one over what it had too much.
     */
    public static final int COLUMN = 2 * ROWS;

    /** Floats from a panel to the next where a was transposed: with room for what the last column has too much. */
    private static final int PANEL = COLUMN * K_BLOCK + 16;

    private static final int LANES = VectorWidth.LANES;

    /** Vectors that hold a column of a panel. */
    private static final int COLUMN_VECTORS = Math.ceilDiv(COLUMN, LANES);

    private LeftBlock() {}

    /**
     * {@return the groups of {@link #ROWS} that hold so many rows}
     *
     * @param rows rows of a
     */
    public static int groups(int rows) {
        return Math.ceilDiv(rows, ROWS);
    }

    /**
     * {@return the floats of the array that so many rows take, in either order}
     *
     * @param rows rows of a
     */
    public static int floats(int rows) {
        return Math.max(groups(rows) * ROWS * ROW, Math.ceilDiv(rows, COLUMN) * PANEL);
    }

    /** Where the first element of the group lies that starts with a row. */
    static int at(Left left, int row) {
        return left == Left.ROWS ? row * ROW : row / COLUMN * PANEL + row % COLUMN;
    }

    /**
     * Copies rows of a that lie as rows: element (row, k) at {@code a + row · stride + k · 4}.
     *
     * @param a address of the first element
     * @param stride bytes from a row to the next
     * @param rows rows of a
     * @param k floats of each, at most {@link MatrixKernels#K_BLOCK}
     * @param to at least {@link #floats} of them, overwritten from its start on
     */
    public static void copyRows(long a, long stride, int rows, int k, float[] to) {
        copyRows(a, stride, rows, k, to, 0);
    }

    /** The same, the first row being row {@code first} of the block. */
    static void copyRows(long a, long stride, int rows, int k, float[] to, int first) {
        for (int row = 0; row < rows; row++) {
            long from = a + row * stride;
            int index = (first + row) * ROW;
            if (k >= LANES) {
                copyRow(from, k, to, index);
            } else {
                copyShortRow(from, k, to, index);
            }
        }
    }

    /** The last vector starts so early that it ends with the row: a masked one may be put on the heap. */
    private static void copyRow(long a, int k, float[] to, int index) {
        int last = k - LANES;
        for (int i = 0; i < last; i += LANES) {
            VectorMemory.load(a + i * 4L).intoArray(to, index + i);
        }
        VectorMemory.load(a + last * 4L).intoArray(to, index + last);
    }

    private static void copyShortRow(long a, int k, float[] to, int index) {
        for (int i = 0; i < k; i++) {
            to[index + i] = VectorMemory.get(a + i * 4L);
        }
    }

    /**
     * Copies rows of a that lie as columns: element (row, k) at {@code a + k · stride + row · 4}.
     *
     * @param a address of the first element
     * @param stride bytes from a column to the next
     * @param rows rows of a
     * @param k floats of each, at most {@link MatrixKernels#K_BLOCK}
     * @param to at least {@link #floats} of them, overwritten from its start on
     */
    public static void copyColumns(long a, long stride, int rows, int k, float[] to) {
        copyColumns(a, stride, rows, k, to, 0);
    }

    /** The same, the first column being row {@code first} of the block, where a panel starts. */
    static void copyColumns(long a, long stride, int rows, int k, float[] to, int first) {
        int origin = at(Left.COLUMNS, first);
        // The vectors that stay within the block's own rows need no mask.
        int whole = Math.max(0, Math.ceilDiv(rows - COLUMN_VECTORS * LANES + 1, COLUMN) * COLUMN);
        for (int i = 0; i < k && whole > 0; i++) {
            wholeColumns(a + i * stride, whole, to, origin + i * COLUMN);
        }
        for (int row = whole; row < rows; row += COLUMN) {
            int height = Math.min(COLUMN, rows - row);
            for (int j = 0; j < height; j += LANES) {
                int lanes = Math.min(LANES, height - j);
                partColumns(a + (row + j) * 4L, stride, k, lanes, to, at(Left.COLUMNS, first + row) + j);
            }
        }
    }

    /** One column of all panels that end so early that nothing behind the rows is read. */
    private static void wholeColumns(long from, int rows, float[] to, int at) {
        int index = at;
        for (int row = 0; row < rows; row += COLUMN, index += PANEL) {
            for (int i = 0; i < COLUMN_VECTORS; i++) {
                VectorMemory.load(from + row * 4L + i * VectorMemory.VECTOR).intoArray(to, index + i * LANES);
            }
        }
    }

    /** All columns of a panel near the end of the rows, some lanes of it. */
    private static void partColumns(long a, long stride, int k, int lanes, float[] to, int at) {
        VectorMask<Float> mask = VectorMemory.first(lanes);
        long from = a;
        int index = at;
        for (int i = 0; i < k; i++, from += stride, index += COLUMN) {
            VectorMemory.load(from, mask).intoArray(to, index, mask);
        }
    }
}
