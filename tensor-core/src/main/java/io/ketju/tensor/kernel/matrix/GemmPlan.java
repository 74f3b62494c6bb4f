package io.ketju.tensor.kernel.matrix;

import static io.ketju.tensor.kernel.matrix.MatrixKernels.K_BLOCK;

import io.ketju.tensor.kernel.matrix.GemmShape.Layout;

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

    /** Rows up to which all rows of a stripe are computed by one thread. */
    private static final int STRIPE_ROWS = 16 * LeftBlock.ROWS;
    /** Up to so many rows, packing b costs more than it gains. */
    private static final int DIRECT_ROWS = 4 * LeftBlock.ROWS;
    /** Up to so many columns, rows of b lie close enough as they are. */
    private static final int DIRECT_COLUMNS = 2 * RightPanels.COLUMNS;
    /** Most rows and columns of a tile: one K-block of a and b stays in a second-level cache of 1 MiB. */
    private static final int MOST_ROWS = 32 * LeftBlock.ROWS;

    private static final int MOST_COLUMNS = 512;
    /** Multiply-adds that are worth a tile of their own, some 10 microseconds. */
    private static final long TILE_WORK = 1 << 19;

    private static final int WANTED_TILES = 16;
    /** Fewer tiles than this leave workers idle: then a long K is shared out. */
    private static final int FEW_TILES = 8;
    /** Most floats of partial products that a shared K may take. */
    private static final long MOST_PARTIALS = 1 << 22;

    static GemmPlan of(GemmShape shape) {
        int m = shape.m();
        int n = shape.n();
        int panel = RightPanels.COLUMNS;
        long work = (long) m * n * shape.k();
        int blocks = Math.ceilDiv(shape.k(), K_BLOCK);
        int wanted = Math.clamp(work / TILE_WORK, 1, WANTED_TILES);
        if (m <= STRIPE_ROWS) {
            int columns = Math.max(panel, Math.ceilDiv(Math.ceilDiv(n, wanted), panel) * panel);
            int stripes = Math.ceilDiv(n, columns);
            boolean shared = stripes < FEW_TILES && blocks >= FEW_TILES && (long) m * n * blocks <= MOST_PARTIALS;
            boolean direct =
                    shape.layout() != Layout.NT && RightPanels.fit(n) && (m <= DIRECT_ROWS || n <= DIRECT_COLUMNS);
            return new GemmPlan(shared ? Cut.BLOCKS : Cut.STRIPES, m, columns, 1, stripes, direct);
        }
        int rows = Math.ceilDiv(m, Math.ceilDiv(m, MOST_ROWS));
        int columns = Math.min(Math.ceilDiv(n, panel) * panel, MOST_COLUMNS);
        while (tiles(m, n, rows, columns) < wanted && (rows > 4 * LeftBlock.ROWS || columns > 2 * panel)) {
            if (columns > 2 * panel && columns >= 4 * rows) {
                columns = Math.ceilDiv(columns / 2, panel) * panel;
            } else if (rows > 4 * LeftBlock.ROWS) {
                rows = Math.ceilDiv(rows / 2, LeftBlock.ROWS) * LeftBlock.ROWS;
            } else {
                columns = Math.ceilDiv(columns / 2, panel) * panel;
            }
        }
        rows = Math.ceilDiv(rows, LeftBlock.ROWS) * LeftBlock.ROWS;
        boolean shared =
                tiles(m, n, rows, columns) < FEW_TILES && blocks >= FEW_TILES && (long) m * n * blocks <= MOST_PARTIALS;
        return new GemmPlan(
                shared ? Cut.BLOCKS : Cut.TILES, rows, columns, Math.ceilDiv(m, rows), Math.ceilDiv(n, columns), false);
    }

    private static int tiles(int m, int n, int rows, int columns) {
        return Math.ceilDiv(m, rows) * Math.ceilDiv(n, columns);
    }
}
