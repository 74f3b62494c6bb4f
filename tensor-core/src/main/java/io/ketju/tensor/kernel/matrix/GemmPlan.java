package io.ketju.tensor.kernel.matrix;

import static io.ketju.tensor.kernel.matrix.MatrixKernels.K_BLOCK;

import io.ketju.tensor.kernel.matrix.GemmShape.Layout;
import io.ketju.tensor.simd.Lately;

/**
 * How a product is cut, by its shape alone.
 *
 * @param rows rows of a tile of c
 * @param columns columns of a tile or stripe of c: whole panels
 * @param direct whether b is read where it lies
 */
record GemmPlan(Cut cut, int rows, int columns, int rowTiles, int columnTiles, boolean direct) {
    enum Cut {
        STRIPES,
        TILES,
        BLOCKS
    }

    private static final int PANEL = RightPanels.COLUMNS;
    /** Rows up to which all rows of a stripe are computed by one thread. */
    private static final int STRIPE_ROWS = 16 * LeftBlock.ROWS;
    /** Fewer columns in a stripe, and copying a counts. */
    static final int LEAST_STRIPE = 2 * PANEL;
    /** Up to so many rows, packing b costs more than it gains. */
    private static final int DIRECT_ROWS = 4 * LeftBlock.ROWS;
    /** Up to so many columns, rows of b lie close enough as they are. */
    private static final int DIRECT_COLUMNS = 2 * PANEL;
    /** Most rows of a tile: one K-block of them takes less than half of a second-level cache of 1 MiB. */
    private static final int MOST_ROWS = 64 * LeftBlock.ROWS;
    /** Most columns of a tile: a is copied once for all of them. */
    private static final int MOST_COLUMNS = 2048;
    /** Multiply-adds that are worth a tile of their own, some 20 microseconds. */
    private static final long TILE_WORK = 1 << 20;
    /** Multiply-adds that are worth more tiles than usual. */
    private static final long MUCH_WORK = 1L << 31;

    /** Fewer tiles than this leave workers idle: then a long K is shared out. */
    private static final int FEW_TILES = 8;
    /** Most floats of partial products that a shared K may take. */
    private static final long MOST_PARTIALS = 1 << 22;
    /** What copying a costs, in multiply-adds by each of its elements; for instance a tenth at 512 columns. */
    private static final double COPY_COST = 49;
    /** What reading b from afar for each tile costs, likewise: an eighth at 192 rows. */
    private static final double READ_COST = 23;

    private static final Lately<GemmShape, GemmPlan> SHARED = new Lately<>(GemmPlan::make);
    private static final Lately<GemmShape, GemmPlan> UNSHARED =
            new Lately<>(shape -> make(shape).unshared());

    /** Whether all is one tile, which is computed by the caller: then there is nothing to plan. */
    static boolean isSmall(GemmShape shape) {
        return shape.m() <= STRIPE_ROWS && (long) shape.m() * shape.n() * shape.k() < 2 * TILE_WORK;
    }

    /** Whether b is better read where it lies. */
    static boolean isDirect(GemmShape shape) {
        int n = shape.n();
        return shape.layout() != Layout.NT
                && RightPanels.fit(n)
                && (shape.m() <= DIRECT_ROWS || n <= DIRECT_COLUMNS)
                && shape.m() <= STRIPE_ROWS;
    }

    /**
     * Whether transposing b takes as long as the product: then what is packed of it at a time is to stay in the second
     * cache, which one row of a gains half its speed from.
     */
    static boolean isMostlyPacking(GemmShape shape) {
        return shape.layout() == Layout.NT && shape.m() <= DIRECT_ROWS;
    }

    /** The cut of a product; {@code whole}: of which a long K is not shared out. */
    static GemmPlan of(GemmShape shape, boolean whole) {
        return (whole ? UNSHARED : SHARED).get(shape);
    }

    private static GemmPlan make(GemmShape shape) {
        return shape.m() <= STRIPE_ROWS ? stripes(shape) : tiles(shape);
    }

    private GemmPlan unshared() {
        Cut whole = rowTiles == 1 && rows <= STRIPE_ROWS ? Cut.STRIPES : Cut.TILES;
        return cut == Cut.BLOCKS ? new GemmPlan(whole, rows, columns, rowTiles, columnTiles, direct) : this;
    }

    private static GemmPlan stripes(GemmShape shape) {
        int n = shape.n();
        int wanted = wanted(shape, 2 * FEW_TILES);
        int columns = isMostlyPacking(shape) ? LEAST_STRIPE : Math.max(LEAST_STRIPE, panels(Math.ceilDiv(n, wanted)));
        int stripes = Math.ceilDiv(n, columns);
        Cut cut = isShared(shape, stripes) ? Cut.BLOCKS : Cut.STRIPES;
        return new GemmPlan(cut, shape.m(), columns, 1, stripes, isDirect(shape));
    }

    /** The cheapest cut into as many tiles as are wanted. */
    private static GemmPlan tiles(GemmShape shape) {
        int m = shape.m();
        int n = shape.n();
        long work = (long) m * n * shape.k();
        int wanted = wanted(shape, work < MUCH_WORK ? FEW_TILES : 2 * FEW_TILES);
        int least = Math.ceilDiv(m, mostRows(shape));
        int group = shape.layout() == Layout.TN ? LeftBlock.COLUMN : LeftBlock.ROWS;
        double best = Double.POSITIVE_INFINITY;
        int rows = m;
        int columns = n;
        for (int rowTiles = least; rowTiles <= Math.max(least, wanted); rowTiles++) {
            int columnTiles = Math.max(Math.ceilDiv(n, MOST_COLUMNS), Math.ceilDiv(wanted, rowTiles));
            int height = Math.ceilDiv(Math.ceilDiv(m, rowTiles), group) * group;
            int width = panels(Math.ceilDiv(n, columnTiles));
            double cost = COPY_COST / Math.min(n, width) + READ_COST / height;
            if (cost < best) {
                best = cost;
                rows = height;
                columns = width;
            }
        }
        int rowTiles = Math.ceilDiv(m, rows);
        int columnTiles = Math.ceilDiv(n, columns);
        Cut cut = isShared(shape, rowTiles * columnTiles) ? Cut.BLOCKS : Cut.TILES;
        return new GemmPlan(cut, rows, columns, rowTiles, columnTiles, false);
    }

    /** Narrow products use what was copied of a only once or twice: short blocks stay in the first cache for that. */
    private static int mostRows(GemmShape shape) {
        if (shape.n() > DIRECT_COLUMNS) {
            return MOST_ROWS;
        }
        long worthIt = TILE_WORK / Math.max(1, (long) shape.n() * shape.k()) / LeftBlock.ROWS * LeftBlock.ROWS;
        return Math.clamp(worthIt, 8 * LeftBlock.ROWS, MOST_ROWS);
    }

    private static int wanted(GemmShape shape, int most) {
        return Math.clamp((long) shape.m() * shape.n() * shape.k() / TILE_WORK, 1, most);
    }

    private static boolean isShared(GemmShape shape, int tiles) {
        int blocks = Math.ceilDiv(shape.k(), K_BLOCK);
        return tiles < FEW_TILES && blocks >= FEW_TILES && (long) shape.m() * shape.n() * blocks <= MOST_PARTIALS;
    }

    private static int panels(int columns) {
        return Math.ceilDiv(columns, PANEL) * PANEL;
    }
}
