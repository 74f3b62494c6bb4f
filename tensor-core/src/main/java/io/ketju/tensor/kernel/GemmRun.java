package io.ketju.tensor.kernel;

import static io.ketju.tensor.kernel.MatrixKernels.K_BLOCK;

import io.ketju.tensor.kernel.GemmShape.Layout;
import io.ketju.tensor.kernel.Packing.Matrix;
import io.ketju.tensor.kernel.PanelProduct.Block;
import io.ketju.tensor.kernel.PanelProduct.Mode;
import io.ketju.tensor.kernel.PanelProduct.Rows;
import io.ketju.tensor.kernel.PanelProduct.Size;
import io.ketju.tensor.kernel.PanelProduct.Target;
import io.ketju.tensor.memory.Scratch;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/**
 * One matrix product, cut by its shape alone. Usually b is packed once and tiles of c are computed side by side; a
 * small c with a long K has its K-blocks computed side by side instead, and added up in order.
 */
final class GemmRun {
    /** What is multiplied: row-major operands as a {@link GemmShape} says; bias [n] or null. */
    record Operands(
            MemorySegment a,
            MemorySegment b,
            MemorySegment c,
            @Nullable MemorySegment bias) {}

    private static final long BYTES = Float.BYTES;
    /** Rows and columns of a tile of c: with one K-block of a and b they stay in a second-level cache of 1 MiB. */
    private static final int TILE_ROWS = 120;

    private static final int TILE_COLUMNS = 256;
    /** Fewer tiles than this leave workers idle: then a long K is shared out. */
    private static final int FEW_TILES = 4;
    /** Most floats of partial products that a shared K may take. */
    private static final long MOST_PARTIALS = 1 << 22;

    private final TileRunner tiles;
    private final GemmShape shape;
    private final Operands operands;
    private final Mode mode;
    private final int m;
    private final int n;
    private final int k;
    private final int blocks;
    private final int tileRows;
    private final int rowTiles;
    private final int columnTiles;

    GemmRun(TileRunner tiles, GemmShape shape, Operands operands, Mode mode) {
        this.tiles = tiles;
        this.shape = shape;
        this.operands = operands;
        this.mode = mode;
        m = shape.m();
        n = shape.n();
        k = shape.k();
        blocks = Math.ceilDiv(k, K_BLOCK);
        // Equal heights, whole micro-tiles: no worker ends up with a sliver.
        int parts = Math.ceilDiv(m, TILE_ROWS);
        tileRows = Math.ceilDiv(Math.ceilDiv(m, parts), Tile.ROWS) * Tile.ROWS;
        rowTiles = Math.ceilDiv(m, tileRows);
        columnTiles = Math.ceilDiv(n, TILE_COLUMNS);
    }

    void run() {
        Scratch scratch = tiles.scratch();
        long mark = scratch.mark();
        try {
            boolean longSum = blocks >= FEW_TILES && rowTiles * columnTiles < FEW_TILES;
            if (longSum && (long) m * n * blocks <= MOST_PARTIALS) {
                byBlocks(scratch.allocate((long) m * n * blocks * BYTES));
            } else {
                byTiles(scratch);
            }
        } finally {
            scratch.release(mark);
        }
    }

    private void byTiles(Scratch scratch) {
        MemorySegment packed = scratch.allocate(Panels.bytes(n, k));
        tiles.parallel(blocks * columnTiles, part -> {
            int block = part / columnTiles;
            int j = part % columnTiles * TILE_COLUMNS;
            pack(block, j, columns(j), packed, packedOffset(block, j));
        });
        Rows a = shape.layout() == Layout.TN ? transposedA(scratch) : new Rows(operands.a(), 0, k * BYTES);
        tiles.parallel(rowTiles * columnTiles, part -> {
            int i = part / columnTiles * tileRows;
            int j = part % columnTiles * TILE_COLUMNS;
            tile(a, packed, i, j);
        });
    }

    private void tile(Rows a, MemorySegment packed, int i, int j) {
        Scratch scratch = tiles.scratch();
        long mark = scratch.mark();
        Tile tile = new Tile(scratch);
        Size size = new Size(Math.min(tileRows, m - i), columns(j));
        Target c = new Target(operands.c(), 0, n * BYTES).from(i, j);
        for (int block = 0; block < blocks; block++) {
            Block b = new Block(packed, packedOffset(block, j), length(block));
            Mode blockMode = block == 0 ? mode : Mode.ADD;
            PanelProduct.run(tile, a.from(i, block * K_BLOCK), b, c, size, blockMode);
        }
        MemorySegment bias = operands.bias();
        if (bias != null) {
            for (int row = 0; row < size.m(); row++) {
                PanelProduct.addRow(bias, j * BYTES, c.memory(), c.offset() + row * c.stride(), size.n());
            }
        }
        scratch.release(mark);
    }

    private void byBlocks(MemorySegment partials) {
        long product = (long) m * n * BYTES;
        tiles.parallel(blocks, block -> {
            Scratch scratch = tiles.scratch();
            long mark = scratch.mark();
            int length = length(block);
            MemorySegment packed = scratch.allocate(Panels.bytes(n, length));
            pack(block, 0, n, packed, 0);
            Rows a = new Rows(operands.a(), 0, k * BYTES).from(0, block * K_BLOCK);
            if (shape.layout() == Layout.TN) {
                a = new Rows(scratch.allocate((long) m * length * BYTES), 0, length * BYTES);
                Matrix rows = new Matrix(operands.a(), 0, m * BYTES).from(block * K_BLOCK, 0);
                Packing.transposeColumns(rows, length, m, new Matrix(a.memory(), 0, a.stride()));
            }
            Target partial = new Target(partials, block * product, n * BYTES);
            Block b = new Block(packed, 0, length);
            PanelProduct.run(new Tile(scratch), a, b, partial, new Size(m, n), Mode.OVERWRITE);
            scratch.release(mark);
        });
        Folding.fold(tiles, partials, blocks, operands.c(), m * n, mode);
        MemorySegment bias = operands.bias();
        if (bias != null) {
            for (int row = 0; row < m; row++) {
                PanelProduct.addRow(bias, 0, operands.c(), (long) row * n * BYTES, n);
            }
        }
    }

    /** Packs columns of one K-block of op(b). */
    private void pack(int block, int j, int columns, MemorySegment packed, long at) {
        int from = block * K_BLOCK;
        if (shape.layout() == Layout.NT) {
            Matrix b = new Matrix(operands.b(), 0, k * BYTES).from(j, from);
            Packing.panelsOfTranspose(b, length(block), columns, packed, at);
        } else {
            Matrix b = new Matrix(operands.b(), 0, n * BYTES).from(from, j);
            Packing.panels(b, length(block), columns, packed, at);
        }
    }

    private Rows transposedA(Scratch scratch) {
        MemorySegment rows = scratch.allocate((long) m * k * BYTES);
        tiles.parallel(rowTiles, part -> {
            int i = part * tileRows;
            Matrix a = new Matrix(operands.a(), 0, m * BYTES).from(0, i);
            Packing.transposeColumns(
                    a, k, Math.min(tileRows, m - i), new Matrix(rows, (long) i * k * BYTES, k * BYTES));
        });
        return new Rows(rows, 0, k * BYTES);
    }

    private int columns(int j) {
        return Math.min(TILE_COLUMNS, n - j);
    }

    private int length(int block) {
        return Math.min(K_BLOCK, k - block * K_BLOCK);
    }

    private long packedOffset(int block, int j) {
        return ((long) block * K_BLOCK * Panels.padded(n) + (long) j * length(block)) * BYTES;
    }
}
