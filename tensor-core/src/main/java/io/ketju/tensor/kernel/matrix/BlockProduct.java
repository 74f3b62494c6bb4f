package io.ketju.tensor.kernel.matrix;

import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorWidth;
import java.lang.foreign.Arena;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.jspecify.annotations.Nullable;

/**
 * Adds the product of a {@link LeftBlock} and columns of b over one K-block: every group of rows with every panel. Each
 * element is one chain of fused multiply-adds from zero, k ascending, whatever tile it falls into.
 */
public final class BlockProduct {
    private static final int LANES = VectorWidth.LANES;
    /** Memory that a product needs for tiles that reach over the edge of c. */
    public static final long SPARE_BYTES = LeftBlock.ROWS * (RightPanels.VECTORS * VectorMemory.VECTOR);

    private static final long ROW_BYTES = RightPanels.VECTORS * VectorMemory.VECTOR;
    /** A row of +0, which sums that overwrite c are added to. */
    private static final long ZEROS = row(0.0f);
    /** A row of -0, which changes nothing that is added to it. */
    private static final long NOTHING = row(-0.0f);

    private static final float[] NO_ROWS = {};

    private final Tile tile = new Tile();
    private MicroKernel.Left left;
    private boolean packed;
    private float[] a;
    private int m;
    private RowGroups rows;
    private long spare;
    private boolean overwrite;

    // The panel that is multiplied: its address, its columns, and where they belong in c.
    private long b;
    private int columns;
    private long c;
    private long stride;

    /**
     * A product with packed columns of b.
     *
     * @param left the order in which a lies
     * @param a rows of a as {@link LeftBlock} copies them; kept, not copied
     * @param m rows of a and of c
     * @param spare address of {@link #SPARE_BYTES} bytes
     */
    public BlockProduct(MicroKernel.Left left, float[] a, int m, long spare) {
        this(left, a, m, spare, null);
    }

    /**
     * A product with columns of b that are read where they lie.
     *
     * @param left the order in which a lies
     * @param a rows of a as {@link LeftBlock} copies them; kept, not copied
     * @param m rows of a and of c
     * @param spare address of {@link #SPARE_BYTES} bytes
     * @param distances bytes from the address of b to each of its rows; null: b is packed
     */
    public BlockProduct(MicroKernel.Left left, float[] a, int m, long spare, long @Nullable [] distances) {
        this.left = left;
        this.a = a;
        this.m = m;
        this.spare = spare;
        this.rows = RowGroups.of(left, m);
        read(distances);
    }

    /** A product without rows, until {@link #reset}. */
    public BlockProduct() {
        this(MicroKernel.Left.ROWS, NO_ROWS, 0, 0);
    }

    /**
     * {@return this object for another product, which adds to c}
     *
     * @param left the order in which a lies
     * @param a rows of a as {@link LeftBlock} copies them; kept, not copied
     * @param m rows of a and of c
     * @param spare address of {@link #SPARE_BYTES} bytes
     * @param distances bytes from the address of b to each of its rows; null: b is packed
     */
    public BlockProduct reset(MicroKernel.Left left, float[] a, int m, long spare, long @Nullable [] distances) {
        this.left = left;
        this.a = a;
        this.m = m;
        this.spare = spare;
        this.rows = RowGroups.of(left, m);
        overwrite = false;
        read(distances);
        return this;
    }

    private void read(long @Nullable [] distances) {
        packed = distances == null;
        tile.rows = distances == null ? RowDistances.packed(RightPanels.VECTORS) : distances;
    }

    /**
     * {@return this object, told what {@link #run} writes}
     *
     * @param overwrite {@code 0 + product} instead of {@code c + product}: the same as to clear c before
     */
    public BlockProduct overwrite(boolean overwrite) {
        this.overwrite = overwrite;
        return this;
    }

    /**
     * Multiplies columns of a by columns of b. One panel after the other meets all rows, so that a panel comes from far away once
     * only. Unpacked rows of b are read to the end of their last panel.
     *
     * @param k columns of a, at most {@link MatrixKernels#K_BLOCK}
     * @param b address of the first panel, or of b's first column where it lies
     * @param n columns of b and of c
     * @param c address of the first result
     * @param stride bytes from a row of c to the next
     */
    public void run(int k, long b, int n, long c, long stride) {
        tile.k = k;
        this.stride = stride;
        long panel = columnBytes(k);
        for (int j = 0; j < n; j += RightPanels.COLUMNS) {
            this.b = b + j * panel;
            this.c = c + j * 4L;
            columns = Math.min(n - j, RightPanels.COLUMNS);
            panel();
        }
    }

    /** Bytes from a column of the operand b to the next, the first of a panel to that of the next one at least. */
    long columnBytes(int k) {
        return packed ? k * 4L : 4L;
    }

    /** All rows with one panel. */
    private void panel() {
        int vectors = RightPanels.vectors(columns);
        if (packed) {
            tile.rows = RowDistances.packed(vectors);
        }
        if (m == 1) {
            groups(1, rows.even);
        } else if (vectors < RightPanels.VECTORS) {
            // Narrow panels are few: further forms for them would cost more than rows in vain.
            groups(LeftBlock.ROWS, rows.even);
        } else {
            groups(LeftBlock.ROWS, rows.high);
            groups(LeftBlock.LOW_ROWS, rows.low);
        }
    }

    /** Groups that start with these rows, of so many rows each, or of those that are left. */
    private void groups(int most, int[] starts) {
        if (starts.length == 0) {
            return;
        }
        int vectors = RightPanels.vectors(columns);
        boolean full = columns == vectors * LANES;
        MicroKernel kernel = MicroKernels.get(left, most, vectors, (long) tile.k * columns * starts.length * most);
        for (int row : starts) {
            int height = Math.min(most, m - row);
            long to = c + row * stride;
            if (full && height == most) {
                tile.c = to;
                tile.stride = stride;
                tile.from = overwrite ? ZEROS : to;
                tile.fromStride = overwrite ? 0 : stride;
                kernel.run(tile, a, LeftBlock.at(left, row), b);
            } else {
                tile.c = spare;
                tile.stride = ROW_BYTES;
                tile.from = overwrite ? ZEROS : NOTHING;
                tile.fromStride = 0;
                kernel.run(tile, a, LeftBlock.at(left, row), b);
                move(height, to);
            }
        }
    }

    /** Results that do not fill a kernel are computed beside c; this moves or adds them to where they belong. */
    private void move(int rows, long to) {
        for (int j = 0; j < columns; j += LANES) {
            if (overwrite) {
                copyDown(spare + j * 4L, to + j * 4L, stride, rows, columns - j);
            } else {
                addDown(spare + j * 4L, to + j * 4L, stride, rows, columns - j);
            }
        }
    }

    private static void copyDown(long spare, long c, long stride, int rows, int n) {
        VectorMask<Float> mask = VectorMemory.first(n);
        for (int i = 0; i < rows; i++) {
            VectorMemory.store(VectorMemory.load(spare + i * ROW_BYTES), c + i * stride, mask);
        }
    }

    private static void addDown(long spare, long c, long stride, int rows, int n) {
        VectorMask<Float> mask = VectorMemory.first(n);
        for (int i = 0; i < rows; i++) {
            FloatVector sum = VectorMemory.load(c + i * stride, mask).add(VectorMemory.load(spare + i * ROW_BYTES));
            VectorMemory.store(sum, c + i * stride, mask);
        }
    }

    private static long row(float value) {
        long row = VectorMemory.address(Arena.global().allocate(ROW_BYTES, VectorMemory.VECTOR));
        for (long at = row; at < row + ROW_BYTES; at += Float.BYTES) {
            VectorMemory.set(at, value);
        }
        return row;
    }

    /** {@code y[j] += x[j]} over n floats. */
    static void add(long x, long y, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            VectorMemory.store(VectorMemory.load(y + i * 4L).add(VectorMemory.load(x + i * 4L)), y + i * 4L);
        }
        if (i < n) {
            VectorMask<Float> mask = VectorMemory.first(n - i);
            FloatVector sum = VectorMemory.load(y + i * 4L, mask).add(VectorMemory.load(x + i * 4L, mask));
            VectorMemory.store(sum, y + i * 4L, mask);
        }
    }

    /** {@code y[j] = x[j]} over n floats. */
    static void copy(long x, long y, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            VectorMemory.store(VectorMemory.load(x + i * 4L), y + i * 4L);
        }
        if (i < n) {
            VectorMask<Float> mask = VectorMemory.first(n - i);
            VectorMemory.store(VectorMemory.load(x + i * 4L, mask), y + i * 4L, mask);
        }
    }
}
