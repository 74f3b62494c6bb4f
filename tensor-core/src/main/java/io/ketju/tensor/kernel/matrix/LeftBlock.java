package io.ketju.tensor.kernel.matrix;

import static io.ketju.tensor.kernel.matrix.MatrixKernels.K_BLOCK;

import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorWidth;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Rows of a in the array that micro-kernels broadcast them from, in groups of {@link #ROWS}, one per call of a
 * micro-kernel. The last group may be short; what the array holds beyond it is multiplied in vain, because every further
 * height would be a class of its own that the compiler must meet often enough.
 */
public final class LeftBlock {
    /**
     * Most rows of a group. With panels of four vectors, 24 sums, the panel's row and one number fit the 32 registers of
     * 512-bit machines; with panels of two, 12 sums fit the 16 of others. Fewer, wider rows read less than 12 x 2.
     */
    public static final int ROWS = 6;

    /** Floats from a row to the next: not a power of two, so that rows do not fight for places in the first cache. */
    public static final int ROW = K_BLOCK + 16;

    /** Floats from a column of a group to the next, where a was transposed: whole vectors. */
    public static final int COLUMN = Math.max(8, VectorWidth.LANES);

    private LeftBlock() {}

    public static int groups(int rows) {
        return Math.ceilDiv(rows, ROWS);
    }

    /** The first row of a group, or behind the last. */
    public static int start(int rows, int group) {
        return Math.min(rows, group * ROWS);
    }

    /** Floats that so many rows take, in either order. */
    public static int floats(int rows) {
        return groups(rows) * ROWS * Math.max(ROW, COLUMN * K_BLOCK / ROWS + COLUMN);
    }

    /** Where the first element of a group lies. */
    public static int index(MicroKernel.Left left, int rows, int group) {
        return left == MicroKernel.Left.ROWS ? start(rows, group) * ROW : group * COLUMN * K_BLOCK;
    }

    /** Copies rows of k floats that lie {@code stride} bytes apart. */
    public static void copyRows(long a, long stride, int rows, int k, float[] to) {
        for (int row = 0; row < rows; row++) {
            copyRow(a + row * stride, k, to, row * ROW);
        }
    }

    private static void copyRow(long a, int k, float[] to, int index) {
        int i = 0;
        for (; i <= k - VectorWidth.LANES; i += VectorWidth.LANES) {
            VectorMemory.load(a + i * 4L).intoArray(to, index + i);
        }
        if (i < k) {
            // Rows are further apart than they are long, so that a whole vector fits.
            VectorMemory.load(a + i * 4L, VectorMemory.first(k - i)).intoArray(to, index + i);
        }
    }

    /** Copies rows of a that lie as columns: element (row, k) at {@code a + k · stride + row · 4}. */
    public static void copyColumns(long a, long stride, int rows, int k, float[] to) {
        int groups = groups(rows);
        for (int group = 0; group < groups; group++) {
            int first = start(rows, group);
            int height = start(rows, group + 1) - first;
            int index = group * COLUMN * K_BLOCK;
            columns(a + first * 4L, stride, VectorMemory.first(height), k, to, index);
            if (height > VectorWidth.LANES) {
                VectorMask<Float> rest = VectorMemory.first(height - VectorWidth.LANES);
                columns(a + first * 4L + VectorMemory.VECTOR, stride, rest, k, to, index + VectorWidth.LANES);
            }
        }
    }

    private static void columns(long a, long stride, VectorMask<Float> mask, int k, float[] to, int index) {
        long from = a;
        for (int i = 0; i < k; i++, from += stride) {
            FloatVector column = VectorMemory.load(from, mask);
            column.intoArray(to, index + i * COLUMN);
        }
    }
}
