package io.ketju.tensor.kernel.matrix;

import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorWidth;
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

    private final MicroKernels kernels;
    private final MicroKernel.Left left;
    private final boolean packed;
    private final float[] a;
    private final int m;
    private final long spare;
    private final Tile tile = new Tile();

    /**
     * A product with m rows of a and packed columns of b, until told otherwise.
     *
     * @param spare address of {@link #SPARE_BYTES} bytes
     */
    public BlockProduct(MicroKernel.Left left, float[] a, int m, long spare) {
        this(left, a, m, spare, null);
    }

    /**
     * A product with m rows of a and columns of b that are read where they lie.
     *
     * @param rows bytes from the address of b to each of its rows
     */
    public BlockProduct(MicroKernel.Left left, float[] a, int m, long spare, long @Nullable [] rows) {
        this.kernels = new MicroKernels(left);
        this.left = left;
        this.a = a;
        this.m = m;
        this.spare = spare;
        packed = rows == null;
        tile.rows = rows == null ? RowDistances.packed(RightPanels.VECTORS) : rows;
    }

    /**
     * Adds k columns of a times n columns of b; rows of c lie {@code stride} bytes apart. One panel after the other meets
     * all rows, so that a panel comes from far away once only. Unpacked rows of b are read to the end of their last panel.
     */
    public void run(int k, long b, int n, long c, long stride) {
        tile.k = k;
        long panel = packed ? k * 4L : 4L;
        for (int j = 0; j < n; j += RightPanels.COLUMNS) {
            panel(b + j * panel, n - j, c + j * 4L, stride);
        }
    }

    private void panel(long b, int left, long c, long stride) {
        int columns = Math.min(left, RightPanels.COLUMNS);
        int vectors = RightPanels.vectors(columns);
        boolean whole = columns == vectors * LANES;
        MicroKernel kernel = kernels.get(m == 1 ? 1 : LeftBlock.ROWS, vectors, (long) tile.k * left * m);
        if (packed) {
            tile.rows = RowDistances.packed(vectors);
        }
        int groups = LeftBlock.groups(m);
        for (int group = 0; group < groups; group++) {
            int row = LeftBlock.start(m, group);
            int rows = LeftBlock.start(m, group + 1) - row;
            int at = LeftBlock.index(this.left, m, group);
            if (whole && (rows == LeftBlock.ROWS || m == 1)) {
                tile.c = c + row * stride;
                tile.stride = stride;
                kernel.run(tile, a, at, b);
            } else {
                clear(spare, LeftBlock.ROWS * vectors);
                tile.c = spare;
                tile.stride = vectors * VectorMemory.VECTOR;
                kernel.run(tile, a, at, b);
                for (int i = 0; i < rows; i++) {
                    add(spare + i * tile.stride, c + (row + i) * stride, columns);
                }
            }
        }
    }

    /** Fills vectors with -0, which changes nothing that is added to it. */
    private static void clear(long to, int vectors) {
        FloatVector zero = FloatVector.broadcast(VectorWidth.SPECIES, -0.0f);
        for (int v = 0; v < vectors; v++) {
            VectorMemory.store(zero, to + v * VectorMemory.VECTOR);
        }
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
}
