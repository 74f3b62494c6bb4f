package io.ketju.tensor.kernel.matrix;

import static io.ketju.tensor.kernel.matrix.MatrixKernels.K_BLOCK;

import io.ketju.tensor.kernel.matrix.GemmShape.Layout;
import io.ketju.tensor.kernel.matrix.MicroKernel.Left;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorTranspose;
import org.jspecify.annotations.Nullable;

/**
 * One matrix product, cut by its shape alone: into stripes of columns when c has few rows, each stripe packing its own
 * part of b; into tiles of c when it has many, b being packed first; into K-blocks when c is small and K long.
 */
public final class GemmRun {
    /**
     * What is multiplied.
     *
     * @param a address of the first operand; b and c alike
     * @param lda bytes from a row of a, as stored, to the next; ldb and ldc alike
     */
    public record Operands(long a, long lda, long b, long ldb, long c, long ldc) {}

    /** What is done with a tile of c when its sums are complete. */
    public interface Epilogue {
        /** Works on m rows and n columns from {@code row} and {@code column} on; c is the address of the first. */
        void apply(long c, int row, int column, int m, int n);
    }

    private static final long BYTES = Float.BYTES;

    private final TileRunner tiles;
    private final GemmShape shape;
    private final Operands operands;
    private final boolean accumulate;
    private final @Nullable Epilogue epilogue;
    private final int m;
    private final int n;
    private final int blocks;
    private final Left left;
    private final GemmPlan plan;

    public GemmRun(
            TileRunner tiles, GemmShape shape, Operands operands, boolean accumulate, @Nullable Epilogue epilogue) {
        this.tiles = tiles;
        this.shape = shape;
        this.operands = operands;
        this.accumulate = accumulate;
        this.epilogue = epilogue;
        m = shape.m();
        n = shape.n();
        blocks = Math.ceilDiv(shape.k(), K_BLOCK);
        left = shape.layout() == Layout.TN ? Left.COLUMNS : Left.ROWS;
        plan = GemmPlan.of(shape);
    }

    /** Computes the product. */
    public void run() {
        Scratch scratch = tiles.scratch();
        long mark = scratch.mark();
        switch (plan.cut()) {
            case STRIPES -> tiles.parallel(plan.columnTiles(), this::stripe);
            case TILES -> byTiles(scratch);
            case BLOCKS -> byBlocks(scratch);
        }
        scratch.release(mark);
    }

    /** All rows of some columns: b is packed here, or read where it lies if each element is used only once. */
    private void stripe(int part) {
        int j = part * plan.columns();
        int columns = Math.min(plan.columns(), n - j);
        Scratch scratch = tiles.scratch();
        long mark = scratch.mark();
        float[] rows = scratch.floats(LeftBlock.floats(m));
        long spare = scratch.address(BlockProduct.SPARE_BYTES);
        boolean direct = plan.direct();
        long packed = direct ? 0 : scratch.address(RightPanels.bytes(columns, Math.min(shape.k(), K_BLOCK)));
        long c = operands.c + j * BYTES;
        start(0, j, m, columns);
        for (int block = 0; block < blocks; block++) {
            copyLeft(block, 0, m, rows);
            BlockProduct product =
                    new BlockProduct(left, rows, m, spare, direct ? RowDistances.of(operands.ldb) : null);
            if (direct) {
                product.run(length(block), right(block, j), columns, c, operands.ldc);
            } else {
                pack(block, j, columns, packed);
                product.run(length(block), packed, columns, c, operands.ldc);
            }
        }
        finish(0, j, m, columns);
        scratch.release(mark);
    }

    private void byTiles(Scratch scratch) {
        long packed = scratch.address(RightPanels.bytes(n, shape.k()));
        tiles.parallel(blocks * plan.columnTiles(), part -> {
            int block = part / plan.columnTiles();
            int j = part % plan.columnTiles() * plan.columns();
            pack(block, j, Math.min(plan.columns(), n - j), packed + packedOffset(block, j));
        });
        tiles.parallel(plan.rowTiles() * plan.columnTiles(), part -> tile(part, packed));
    }

    private void tile(int part, long packed) {
        int i = part / plan.columnTiles() * plan.rows();
        int j = part % plan.columnTiles() * plan.columns();
        int rows = Math.min(plan.rows(), m - i);
        int columns = Math.min(plan.columns(), n - j);
        Scratch scratch = tiles.scratch();
        long mark = scratch.mark();
        float[] a = scratch.floats(LeftBlock.floats(rows));
        long spare = scratch.address(BlockProduct.SPARE_BYTES);
        long c = operands.c + i * operands.ldc + j * BYTES;
        start(i, j, rows, columns);
        for (int block = 0; block < blocks; block++) {
            copyLeft(block, i, rows, a);
            new BlockProduct(left, a, rows, spare)
                    .run(length(block), packed + packedOffset(block, j), columns, c, operands.ldc);
        }
        finish(i, j, rows, columns);
        scratch.release(mark);
    }

    /** Each K-block's product side by side, then added up in order. */
    private void byBlocks(Scratch scratch) {
        long product = (long) m * n * BYTES;
        long partials = scratch.address(product * blocks);
        tiles.parallel(blocks, block -> {
            Scratch own = tiles.scratch();
            long mark = own.mark();
            float[] a = own.floats(LeftBlock.floats(m));
            long spare = own.address(BlockProduct.SPARE_BYTES);
            long packed = own.address(RightPanels.bytes(n, length(block)));
            copyLeft(block, 0, m, a);
            pack(block, 0, n, packed);
            clear(partials + block * product, n * BYTES, m, n);
            new BlockProduct(left, a, m, spare).run(length(block), packed, n, partials + block * product, n * BYTES);
            own.release(mark);
        });
        Folding.fold(tiles, new Folding.Partials(partials, blocks, m, n), operands.c, operands.ldc, accumulate);
        finish(0, 0, m, n);
    }

    private void finish(int row, int column, int rows, int columns) {
        if (epilogue != null) {
            epilogue.apply(operands.c + row * operands.ldc + column * BYTES, row, column, rows, columns);
        }
    }

    /** Sums start from zero, or from what is there. */
    private void start(int row, int column, int rows, int columns) {
        if (!accumulate) {
            clear(operands.c + row * operands.ldc + column * BYTES, operands.ldc, rows, columns);
        }
    }

    private static void clear(long c, long stride, int rows, int columns) {
        for (int row = 0; row < rows; row++) {
            VectorMemory.clear(c + row * stride, columns * BYTES);
        }
    }

    private void copyLeft(int block, int row, int rows, float[] to) {
        long k = (long) block * K_BLOCK;
        if (left == Left.ROWS) {
            LeftBlock.copyRows(operands.a + row * operands.lda + k * BYTES, operands.lda, rows, length(block), to);
        } else {
            LeftBlock.copyColumns(operands.a + k * operands.lda + row * BYTES, operands.lda, rows, length(block), to);
        }
    }

    /** Packs columns of one K-block of op(b). */
    private void pack(int block, int j, int columns, long to) {
        RightPanels.Size size = new RightPanels.Size(length(block), columns);
        if (shape.layout() == Layout.NT) {
            Scratch scratch = tiles.scratch();
            long mark = scratch.mark();
            long from = operands.b + j * operands.ldb + block * (K_BLOCK * BYTES);
            RightPanels.packTransposed(from, operands.ldb, size, to, scratch.address(VectorTranspose.BUFFER_BYTES));
            scratch.release(mark);
        } else {
            RightPanels.pack(right(block, j), operands.ldb, size, to);
        }
    }

    private long right(int block, int j) {
        return operands.b + (long) block * K_BLOCK * operands.ldb + j * BYTES;
    }

    private int length(int block) {
        return Math.min(K_BLOCK, shape.k() - block * K_BLOCK);
    }

    private long packedOffset(int block, int j) {
        return RightPanels.bytes(n, block * K_BLOCK) + (long) j * length(block) * BYTES;
    }
}
