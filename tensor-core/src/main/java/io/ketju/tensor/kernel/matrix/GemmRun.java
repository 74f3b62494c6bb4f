package io.ketju.tensor.kernel.matrix;

import static io.ketju.tensor.kernel.matrix.MatrixKernels.K_BLOCK;
import static java.util.Objects.requireNonNull;

import io.ketju.tensor.kernel.matrix.GemmShape.Layout;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.RunningColumnSums;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.TileRunner.TileTask;
import io.ketju.tensor.simd.VectorMemory;
import org.jspecify.annotations.Nullable;

/**
 * One matrix product, cut by its shape alone: into stripes of columns when c has few rows, each stripe packing its own
 * part of b; into tiles of c when it has many, b being packed first; into K-blocks when c is small and K long. A small
 * product is one tile, computed by the caller. Nothing is allocated where a thread keeps its object.
 */
public final class GemmRun {
    /**
     * What is multiplied: addresses of matrices as they are stored, and the bytes from a row of each to the next.
     *
     * @param a address of the first operand
     * @param lda bytes from a row of a to the next
     * @param b address of the second operand
     * @param ldb bytes from a row of b to the next
     * @param c address of the result
     * @param ldc bytes from a row of c to the next
     */
    public record Operands(long a, long lda, long b, long ldb, long c, long ldc) {}

    /** What is done with a part of c when its sums are complete. */
    public interface Epilogue {
        /**
         * Works on a part of c. Threads call it for different parts at once.
         *
         * @param c address of the part's first element
         * @param row its row in all of c, from 0
         * @param column its column in all of c, from 0
         * @param m rows of the part
         * @param n columns of the part
         */
        void apply(long c, int row, int column, int m, int n);
    }

    private static final long BYTES = Float.BYTES;
    /** Columns that are finished together, while they are in the second cache: whole panels. */
    private static final int FINISHED_TOGETHER = 128;

    private final TileRunner tiles;
    private final LeftOperand left;
    private final RightOperand right;
    private final Folding folding = new Folding();
    private final TinyProduct tinyProduct = new TinyProduct();
    private final TileTask parts = this::part;
    private final TileTask blocks = this::block;

    private @Nullable GemmPlan plan;
    /** Products of K-blocks, side by side. */
    private long partials;

    private GemmShape shape = GemmShape.nn(0, 0, 0);
    private long c;
    private long ldc;
    private boolean accumulate;
    private @Nullable Epilogue epilogue;

    /** Nothing to multiply yet. An object serves one product after the other, but only on one thread. */
    GemmRun(TileRunner tiles) {
        this.tiles = tiles;
        left = new LeftOperand(tiles);
        right = new RightOperand(tiles);
    }

    /**
     * One product, which {@link #run} computes.
     *
     * @param tiles the pool that shares the work
     * @param shape sizes, and which operand is stored transposed
     * @param operands what is multiplied; the memory stays the caller's
     * @param accumulate whether c is added to, not overwritten
     * @param epilogue what follows, or null
     */
    public GemmRun(
            TileRunner tiles, GemmShape shape, Operands operands, boolean accumulate, @Nullable Epilogue epilogue) {
        this(tiles);
        reset(shape, accumulate, epilogue)
                .a(operands.a, operands.lda)
                .b(operands.b, operands.ldb)
                .c(operands.c, operands.ldc);
    }

    /** Prepares for another product; its operands must follow. */
    GemmRun reset(GemmShape shape, boolean accumulate, @Nullable Epilogue epilogue) {
        this.shape = shape;
        this.accumulate = accumulate;
        this.epilogue = epilogue;
        return this;
    }

    GemmRun a(long address, long stride) {
        left.set(shape.layout() == Layout.TN, address, stride);
        return this;
    }

    GemmRun b(long address, long stride) {
        right.set(shape, address, stride);
        return this;
    }

    GemmRun c(long address, long stride) {
        c = address;
        ldc = stride;
        return this;
    }

    LeftOperand left() {
        return left;
    }

    RightOperand right() {
        return right;
    }

    /** Computes the product, and returns when it is done. */
    public void run() {
        if (shape.m() == 0 || shape.n() == 0 || shape.k() == 0) {
            withoutProducts();
        } else if (TinyProduct.fits(shape) && !left.isGradient() && !right.isGradient() && !right.isPacked()) {
            tiny();
        } else if (GemmPlan.isSmall(shape)) {
            small();
        } else {
            Scratch scratch = tiles.scratch();
            long mark = scratch.mark();
            planned(GemmPlan.of(shape, left.sums() != 0 || right.sums() != 0), scratch);
            scratch.release(mark);
        }
    }

    /** All by the caller. */
    private void small() {
        boolean striped = GemmPlan.isMostlyPacking(shape) && !right.isPacked() && !left.isGradient();
        int width = striped ? GemmPlan.LEAST_STRIPE : shape.n();
        for (int j = 0; j < shape.n(); j += width) {
            tile(0, j, shape.m(), Math.min(width, shape.n() - j), GemmPlan.isDirect(shape));
        }
    }

    private void tiny() {
        long b = right.direct(0, 0);
        if (shape.layout() != Layout.NT) {
            tiny(b, right.stride());
            return;
        }
        Scratch scratch = tiles.scratch();
        long mark = scratch.mark();
        long transposed = scratch.address(shape.k() * VectorMemory.VECTOR);
        TinyProduct.transpose(b, right.stride(), shape, transposed);
        tiny(transposed, VectorMemory.VECTOR);
        scratch.release(mark);
    }

    private void tiny(long b, long rowOfB) {
        boolean columns = shape.layout() == Layout.TN;
        long row = columns ? BYTES : left.stride();
        long next = columns ? left.stride() : BYTES;
        tinyProduct.strides(row, next, rowOfB, ldc).sizes(shape.n(), shape.k(), accumulate);
        tinyProduct.run(left.address(), b, c, shape.m());
        if (epilogue != null) {
            epilogue.apply(c, 0, 0, shape.m(), shape.n());
        }
    }

    private void planned(GemmPlan plan, Scratch scratch) {
        this.plan = plan;
        if (plan.columnTiles() > 1) {
            left.computeNow(shape.m(), shape.k(), scratch);
        }
        if (plan.cut() == GemmPlan.Cut.BLOCKS) {
            byBlocks(scratch);
            return;
        }
        if (plan.cut() == GemmPlan.Cut.TILES && !right.isPacked()) {
            right.packAll(scratch.address(RightPanels.bytes(shape.n(), shape.k())));
        }
        tiles.parallel(plan.rowTiles() * plan.columnTiles(), parts);
    }

    private void part(int part) {
        GemmPlan cut = requireNonNull(plan);
        int i = part / cut.columnTiles() * cut.rows();
        int j = part % cut.columnTiles() * cut.columns();
        int rows = Math.min(cut.rows(), shape.m() - i);
        int columns = Math.min(cut.columns(), shape.n() - j);
        tile(i, j, rows, columns, cut.direct());
    }

    /** Part of c over all K-blocks; b is packed here if that is worth it and was not done before. */
    private void tile(int i, int j, int rows, int columns, boolean mayBeDirect) {
        TileWork work = TileWork.own();
        BlockProduct product = work.product;
        Scratch scratch = tiles.scratch();
        long mark = scratch.mark();
        float[] a = scratch.floats(LeftBlock.floats(rows));
        long spare = scratch.address(BlockProduct.SPARE_BYTES);
        boolean direct = mayBeDirect && !right.isPacked() && !right.isGradient();
        boolean packing = !direct && !right.isPacked();
        long panels = packing ? scratch.address(RightPanels.bytes(columns, length(0))) : 0;
        RunningColumnSums leftSums = j == 0 && left.sums() != 0 ? work.leftSums.begin(scratch, rows) : null;
        RunningColumnSums rightSums = packing && right.sums() != 0 ? work.rightSums.begin(scratch, columns) : null;
        product.reset(left.order(), a, rows, spare, direct ? RowDistances.of(right.stride()) : null);
        for (int first = 0; first < shape.k(); first += K_BLOCK) {
            int length = length(first);
            left.copy(first, length, i, rows, a, leftSums);
            if (packing) {
                right.pack(first, length, j, columns, panels, rightSums);
            }
            long from = packing ? panels : direct ? right.direct(first, j) : right.packed(first, length, j);
            product.overwrite(first == 0 && !accumulate);
            if (epilogue == null || first + length < shape.k()) {
                product.run(length, from, columns, c + i * ldc + j * BYTES, ldc);
            } else {
                finish(product, from, i, j, rows, columns);
            }
        }
        if (leftSums != null) {
            leftSums.addTo(left.sums() + i * BYTES, shape.k(), 0, rows);
        }
        if (rightSums != null) {
            rightSums.addTo(right.sums() + j * BYTES, shape.k(), 0, columns);
        }
        scratch.release(mark);
    }

    /** The last K-block, whose columns are finished as they come. */
    private void finish(BlockProduct product, long from, int i, int j, int rows, int columns) {
        int length = length((shape.k() - 1) / K_BLOCK * K_BLOCK);
        for (int column = 0; column < columns; column += FINISHED_TOGETHER) {
            int width = Math.min(FINISHED_TOGETHER, columns - column);
            long target = c + i * ldc + (j + column) * BYTES;
            product.run(length, from + column * product.columnBytes(length), width, target, ldc);
            if (epilogue != null) {
                epilogue.apply(target, i, j + column, rows, width);
            }
        }
    }

    /** Each K-block's product side by side, then added up in order. */
    private void byBlocks(Scratch scratch) {
        int count = Math.ceilDiv(shape.k(), K_BLOCK);
        partials = scratch.address(productBytes() * count);
        tiles.parallel(count, blocks);
        folding.partials(partials, count, shape.m(), shape.n()).fold(tiles, c, ldc, accumulate);
        if (epilogue != null) {
            epilogue.apply(c, 0, 0, shape.m(), shape.n());
        }
    }

    private long productBytes() {
        return (long) shape.m() * shape.n() * BYTES;
    }

    private void block(int block) {
        int m = shape.m();
        int n = shape.n();
        int first = block * K_BLOCK;
        int length = length(first);
        boolean direct = GemmPlan.isDirect(shape) && !right.isPacked() && !right.isGradient();
        Scratch scratch = tiles.scratch();
        long mark = scratch.mark();
        float[] a = scratch.floats(LeftBlock.floats(m));
        long spare = scratch.address(BlockProduct.SPARE_BYTES);
        left.copy(first, length, 0, m, a, null);
        long panels = columns(first, length, direct, scratch);
        TileWork.own()
                .product
                .reset(left.order(), a, m, spare, direct ? RowDistances.of(right.stride()) : null)
                .overwrite(true)
                .run(length, panels, n, partials + block * productBytes(), n * BYTES);
        scratch.release(mark);
    }

    /** Where all columns of a K-block lie, packed into memory of this task if they are not to be read as they are. */
    private long columns(int first, int length, boolean direct, Scratch scratch) {
        if (direct) {
            return right.direct(first, 0);
        }
        if (right.isPacked()) {
            return right.packed(first, length, 0);
        }
        long panels = scratch.address(RightPanels.bytes(shape.n(), length));
        right.pack(first, length, 0, shape.n(), panels, null);
        return panels;
    }

    /** Nothing to add up, but c is still overwritten, and gradients have sums of their own. */
    private void withoutProducts() {
        for (int row = 0; !accumulate && row < shape.m(); row++) {
            VectorMemory.clear(c + row * ldc, shape.n() * BYTES);
        }
        if (epilogue != null && shape.m() > 0 && shape.n() > 0) {
            epilogue.apply(c, 0, 0, shape.m(), shape.n());
        }
        left.sumOnly(shape.m(), shape.k());
        right.sumOnly();
    }

    private int length(int first) {
        return Math.min(K_BLOCK, shape.k() - first);
    }
}
