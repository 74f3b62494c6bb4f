package io.ketju.tensor.kernel.matrix;

import io.ketju.tensor.simd.CompilationRoot;
import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorTranspose;
import io.ketju.tensor.simd.VectorTranspose.Edge;
import io.ketju.tensor.simd.VectorWidth;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.VectorMask;

/**
 * Columns of b packed for micro-kernels: panels of a few vectors, row after row, one panel after the other. The last
 * panel may be narrower; columns beyond the last are zeros.
 */
public final class RightPanels {
    /** Vectors in a row of a panel: see {@link LeftBlock#ROWS}. */
    public static final int VECTORS = VectorWidth.LANES == 16 ? 4 : 2;

    /** Columns of a panel. */
    public static final int COLUMNS = VECTORS * VectorWidth.LANES;

    private static final int LANES = VectorWidth.LANES;
    private static final long VECTOR = VectorMemory.VECTOR;
    /** Bytes of a row of a panel. */
    private static final long ROW = VECTORS * VECTOR;

    /** Panels that are packed together, so that enough of a row is read at once. */
    private static final int TOGETHER = 4;

    private static MethodHandle part = CompilationRoot.of(
            MethodHandles.lookup(),
            "partOnly",
            void.class,
            long.class,
            long.class,
            int.class,
            int.class,
            long.class,
            long.class);

    private RightPanels() {}

    /**
     * {@return the vectors in a row of a panel: one, two or all, to have few forms}
     *
     * @param columns those that are left where the panel starts, at least 1
     */
    public static int vectors(int columns) {
        return columns <= 2 * LANES ? Math.ceilDiv(columns, LANES) : VECTORS;
    }

    /**
     * {@return the columns in panels that are full to their last vector, at least n}
     *
     * @param n columns of b
     */
    public static int whole(int n) {
        int rest = n % COLUMNS;
        return n - rest + vectors(rest) * LANES;
    }

    /** Whether the panels of n columns are full to their last vector, so that nothing behind a row is read. */
    static boolean fit(int n) {
        return n == whole(n);
    }

    /**
     * {@return the bytes of packed columns}
     *
     * @param n columns of b
     * @param k rows of b
     */
    public static long bytes(int n, int k) {
        return (long) Math.ceilDiv(n, COLUMNS) * COLUMNS * k * Float.BYTES;
    }

    /**
     * Packs b [k, n] into panels.
     *
     * @param b address of the first element
     * @param stride bytes from a row of b to the next
     * @param k rows of b
     * @param n columns of b
     * @param to address of {@link #bytes} bytes, overwritten
     */
    public static void pack(long b, long stride, int k, int n, long to) {
        int whole = n / COLUMNS;
        for (int panel = 0; panel < whole; panel += TOGETHER) {
            int panels = Math.min(TOGETHER, whole - panel);
            long from = b + panel * ROW;
            long target = to + panel * ROW * k;
            for (int i = 0; i < k; i++) {
                row(from + i * stride, panels, target + i * ROW, ROW * k);
            }
        }
        int columns = n - whole * COLUMNS;
        int vectors = columns == 0 ? 0 : vectors(columns);
        for (int v = 0; v < vectors; v++) {
            int lanes = Math.clamp(columns - v * LANES, 0, LANES);
            long target = to + whole * ROW * k + v * VECTOR;
            column(b + whole * ROW + v * VECTOR, stride, k, lanes, target, vectors * VECTOR);
        }
    }

    /** One row of some panels, {@code panel} bytes apart. */
    private static void row(long b, int panels, long to, long panel) {
        long from = b;
        long target = to;
        for (int i = 0; i < panels; i++, from += ROW, target += panel) {
            VectorMemory.store(VectorMemory.load(from), target);
            VectorMemory.store(VectorMemory.load(from + VECTOR), target + VECTOR);
            if (VECTORS > 2) {
                VectorMemory.store(VectorMemory.load(from + 2 * VECTOR), target + 2 * VECTOR);
                VectorMemory.store(VectorMemory.load(from + 3 * VECTOR), target + 3 * VECTOR);
            }
        }
    }

    private static void column(long b, long stride, int k, int lanes, long to, long row) {
        if (lanes < LANES) {
            part(b, stride, k, lanes, to, row);
            return;
        }
        long from = b;
        long target = to;
        for (int i = 0; i < k; i++, from += stride, target += row) {
            VectorMemory.store(VectorMemory.load(from), target);
        }
    }

    private static void part(long b, long stride, int k, int lanes, long to, long row) {
        try {
            part.invokeExact(b, stride, k, lanes, to, row);
        } catch (Throwable e) {
            throw CompilationRoot.rethrow(e);
        }
    }

    static void partOnly(long b, long stride, int k, int lanes, long to, long row) {
        VectorMask<Float> mask = VectorMemory.first(lanes);
        long from = b;
        long target = to;
        for (int i = 0; i < k; i++, from += stride, target += row) {
            VectorMemory.store(VectorMemory.load(from, mask), target);
        }
    }

    /**
     * Packs the transpose of b [n, k] into panels.
     *
     * @param b address of the first element
     * @param stride bytes from a row of b, as it is stored, to the next
     * @param k rows of the panels: columns of b as it is stored
     * @param n columns of the panels: rows of b as it is stored
     * @param to address of {@link #bytes} bytes, overwritten
     * @param buffer address of {@link VectorTranspose#BUFFER_BYTES} bytes
     */
    public static void packTransposed(long b, long stride, int k, int n, long to, long buffer) {
        long target = to;
        for (int j = 0; j < n; j += COLUMNS) {
            int columns = Math.min(n - j, COLUMNS);
            int vectors = vectors(columns);
            long row = vectors * VECTOR;
            for (int v = 0; v < vectors; v++) {
                long from = b + (j + v * LANES) * stride;
                int lanes = Math.clamp(columns - v * LANES, 0, LANES);
                int whole = lanes == LANES ? k / LANES * LANES : 0;
                blocks(from, stride, whole, target + v * VECTOR, row, buffer);
                for (int i = whole; i < k; i += LANES) {
                    Edge edge = Edge.of(lanes, Math.min(LANES, k - i));
                    edge(edge, from + i * 4L, stride, target + v * VECTOR + i * row, row, buffer);
                }
            }
            target += row * k;
        }
    }

    // In two methods: the compiler keeps the vectors of one kind of block in registers, not of both.

    /** Rows of whole blocks of one vector of columns of a panel. */
    private static void blocks(long b, long stride, int k, long to, long row, long buffer) {
        for (int i = 0; i < k; i += LANES) {
            VectorTranspose.block(b + i * 4L, stride, to + i * row, row, buffer);
        }
    }

    /** What is left of them. */
    private static void edge(Edge size, long b, long stride, long to, long row, long buffer) {
        VectorTranspose.padded(size, b, stride, to, row, buffer);
    }
}
