package io.ketju.tensor.kernel.matrix;

import static io.ketju.tensor.kernel.matrix.MatrixKernels.K_BLOCK;

import io.ketju.tensor.kernel.matrix.MicroKernel.Left;
import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorWidth;
import jdk.incubator.vector.VectorMask;

/**
 * Rows of a in the array that micro-kernels broadcast them from, in groups of {@link #ROWS}, one per call of a
 * micro-kernel. The last group or two may be low; what the array holds beyond the last row is multiplied in vain, because
 * every further height would be a class of its own that the compiler must meet often enough.
 */
public final class LeftBlock {
    /**
     * Most rows of a group. With panels of four vectors, 24 sums, the panel's row and one number fit the 32 registers of
     * 512-bit machines; with panels of two, 12 sums fit the 16 of others. Fewer, wider rows read less than 12 x 2.
     */
    public static final int ROWS = 6;

    /** Rows of the groups that end a block if that leaves less to multiply in vain: 20 rows are 6 + 6 + 4 + 4. */
    static final int LOW_ROWS = 4;

    /** Floats from a row to the next: not a power of two, so that rows do not fight for places in the first cache. */
    public static final int ROW = K_BLOCK + 16;

    /**
     * Floats from a column of a group to the next, where a was transposed. A whole vector is written for each column, the
     * next one over what it had too much.
     */
    public static final int COLUMN = VectorWidth.LANES < ROWS ? 2 * VectorWidth.LANES : ROWS;

    /** Floats from a group to the next where a was transposed: with room for what the last column has too much. */
    private static final int COLUMNS_GROUP = COLUMN * K_BLOCK + 16;

    /** Floats that a group takes in either order. */
    private static final int GROUP = Math.max(ROWS * ROW, COLUMNS_GROUP);

    /** Vectors that hold a column of a group. */
    private static final int COLUMN_VECTORS = Math.ceilDiv(ROWS, VectorWidth.LANES);

    private LeftBlock() {}

    public static int groups(int rows) {
        return Math.ceilDiv(rows, ROWS);
    }

    /** Floats that so many rows take, in either order. */
    public static int floats(int rows) {
        return groups(rows) * GROUP;
    }

    /** Rows at the beginning that are multiplied in full groups; the others are multiplied in low ones. */
    static int highRows(MicroKernel.Left left, int rows) {
        int rest = rows % ROWS;
        if (rest == 0 || rest > LOW_ROWS) {
            return rows;
        }
        // Columns are copied in full groups, so that a low one can only start where a full one would.
        boolean two = left == MicroKernel.Left.ROWS && rows > ROWS && rest + ROWS <= 2 * LOW_ROWS;
        return two ? rows - rest - ROWS : rows - rest;
    }

    /** Where the first element of the group lies that starts with a row. */
    static int at(MicroKernel.Left left, int row) {
        return left == MicroKernel.Left.ROWS ? row * ROW : row / ROWS * COLUMNS_GROUP;
    }

    /** Copies rows of k floats that lie {@code stride} bytes apart. */
    public static void copyRows(long a, long stride, int rows, int k, float[] to) {
        copyRows(a, stride, rows, k, to, 0);
    }

    /** The same, the first row being row {@code first} of the block. */
    static void copyRows(long a, long stride, int rows, int k, float[] to, int first) {
        int whole = k / VectorWidth.LANES * VectorWidth.LANES;
        for (int row = 0; row < rows && whole > 0; row++) {
            copyRow(a + row * stride, whole, to, (first + row) * ROW);
        }
        if (whole < k) {
            // Rows are further apart than they are long, so that a whole vector fits.
            copyEnds(a + whole * 4L, stride, k - whole, rows, to, first * ROW + whole);
        }
    }

    private static void copyRow(long a, int k, float[] to, int index) {
        for (int i = 0; i < k; i += VectorWidth.LANES) {
            VectorMemory.load(a + i * 4L).intoArray(to, index + i);
        }
    }

    /** The last elements of all rows. */
    private static void copyEnds(long a, long stride, int k, int rows, float[] to, int index) {
        VectorMask<Float> mask = VectorMemory.first(k);
        long from = a;
        int at = index;
        for (int row = 0; row < rows; row++, from += stride, at += ROW) {
            VectorMemory.load(from, mask).intoArray(to, at);
        }
    }

    /** Copies rows of a that lie as columns: element (row, k) at {@code a + k · stride + row · 4}. */
    public static void copyColumns(long a, long stride, int rows, int k, float[] to) {
        copyColumns(a, stride, rows, k, to, 0);
    }

    /** The same, the first column being row {@code first} of the block, where a group starts. */
    static void copyColumns(long a, long stride, int rows, int k, float[] to, int first) {
        int origin = at(Left.COLUMNS, first);
        // The vectors that stay within the tile's own columns need no mask.
        int whole = Math.max(0, Math.ceilDiv(rows - COLUMN_VECTORS * VectorWidth.LANES + 1, ROWS) * ROWS);
        for (int i = 0; i < k && whole > 0; i++) {
            wholeColumns(a + i * stride, whole, to, origin + i * COLUMN);
        }
        for (int row = whole; row < rows; row += ROWS) {
            int height = Math.min(ROWS, rows - row);
            partColumns(a + row * 4L, stride, k, height, to, at(Left.COLUMNS, first + row));
        }
    }

    /** One column of all groups that end so early that nothing behind the row is read. */
    private static void wholeColumns(long from, int rows, float[] to, int at) {
        int index = at;
        for (int row = 0; row < rows; row += ROWS, index += COLUMNS_GROUP) {
            VectorMemory.load(from + row * 4L).intoArray(to, index);
            if (COLUMN_VECTORS > 1) {
                VectorMemory.load(from + row * 4L + VectorMemory.VECTOR).intoArray(to, index + VectorWidth.LANES);
            }
        }
    }

    /** All columns of a group near the end of the rows. */
    private static void partColumns(long a, long stride, int k, int height, float[] to, int at) {
        VectorMask<Float> mask = VectorMemory.first(height);
        VectorMask<Float> rest = VectorMemory.first(Math.max(0, height - VectorWidth.LANES));
        long from = a;
        int index = at;
        for (int i = 0; i < k; i++, from += stride, index += COLUMN) {
            VectorMemory.load(from, mask).intoArray(to, index);
            if (COLUMN_VECTORS > 1) {
                VectorMemory.load(from + VectorMemory.VECTOR, rest).intoArray(to, index + VectorWidth.LANES);
            }
        }
    }
}
