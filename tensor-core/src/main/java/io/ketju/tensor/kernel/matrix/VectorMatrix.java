package io.ketju.tensor.kernel.matrix;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.VectorColumnSum;
import io.ketju.tensor.simd.VectorMemory;
import org.jspecify.annotations.Nullable;

/** Matrix products in SIMD: see {@link GemmRun} for how the work is cut. */
public final class VectorMatrix implements MatrixKernels {
    /** Multiply-adds of small products that are worth a tile together. */
    private static final long TILE_WORK = 1 << 19;

    /** Columns that one tile sums. */
    private static final int SUM_COLUMNS = 256;

    private final TileRunner tiles;
    /** One for each thread, so that small products allocate nothing. */
    private final ThreadLocal<GemmRun> runs;

    public VectorMatrix(TileRunner tiles) {
        this.tiles = tiles;
        runs = ThreadLocal.withInitial(() -> new GemmRun(tiles));
    }

    @Override
    public void gemm(GemmShape shape, Tensor a, Tensor b, Tensor c) {
        dense(shape, a, b, c, false, null);
    }

    @Override
    public void gemmAccumulate(GemmShape shape, Tensor a, Tensor b, Tensor c) {
        dense(shape, a, b, c, true, null);
    }

    @Override
    public void gemmBias(GemmShape shape, Tensor a, Tensor b, Tensor bias, Tensor c) {
        GemmChecks.dense("bias", bias, shape.n(), shape);
        dense(shape, a, b, c, false, new TileEpilogue(tiles, GemmEpilogue.NONE.withBias(bias), shape.n() * 4L));
    }

    @Override
    public void gemm(GemmShape shape, MatrixOperand a, MatrixOperand b, GemmEpilogue epilogue, MatrixView c) {
        general(shape, a, b, epilogue, c, false);
    }

    @Override
    public void gemmAccumulate(GemmShape shape, MatrixOperand a, MatrixOperand b, GemmEpilogue epilogue, MatrixView c) {
        general(shape, a, b, epilogue, c, true);
    }

    @Override
    public void gemmBatched(GemmShape shape, MatrixBatch a, MatrixBatch b, MatrixBatch c, boolean accumulate) {
        GemmChecks.batches(shape, a, b, c);
        long work = (long) shape.m() * shape.n() * shape.k();
        // Large products are shared among the workers one by one, small ones together.
        int group = GemmPlan.isSmall(shape) ? Math.clamp(TILE_WORK / Math.max(1, work), 1, 4096) : 0;
        if (group == 0 || c.count() <= group) {
            batch(shape, a, b, c, accumulate, new Part(0, c.count()));
        } else {
            tiles.parallel(Math.ceilDiv(c.count(), group), part -> {
                int first = part * group;
                batch(shape, a, b, c, accumulate, new Part(first, Math.min(c.count(), first + group)));
            });
        }
    }

    @Override
    public void pack(MatrixView b, boolean transposed, PackedMatrix packed) {
        GemmChecks.packing(b, transposed, packed);
        RightOperand operand = new RightOperand(tiles);
        GemmShape.Layout layout = transposed ? GemmShape.Layout.NT : GemmShape.Layout.NN;
        operand.set(new GemmShape(layout, 0, packed.n(), packed.k()), b.address(), b.strideBytes());
        operand.packAll(VectorMemory.address(packed.memory()));
        packed.markPacked();
    }

    @Override
    public void sumRowsAccumulate(Tensor x, Tensor sums) {
        int columns = sums.elements();
        int rows = columns == 0 ? 0 : x.elements() / columns;
        long from = VectorMemory.address(x);
        long to = VectorMemory.address(sums);
        tiles.parallel(Math.ceilDiv(columns, SUM_COLUMNS), part -> {
            int column = part * SUM_COLUMNS;
            long at = column * 4L;
            int n = Math.min(SUM_COLUMNS, columns - column);
            VectorColumnSum.add(from + at, columns * 4L, rows, to + at, n, tiles.scratch());
        });
    }

    private void dense(GemmShape shape, Tensor a, Tensor b, Tensor c, boolean accumulate, @Nullable TileEpilogue last) {
        GemmChecks.dense(shape, a, b, c);
        runs.get()
                .reset(shape, accumulate, last)
                .a(VectorMemory.address(a), GemmChecks.columnsOfA(shape) * 4L)
                .b(VectorMemory.address(b), GemmChecks.columnsOfB(shape) * 4L)
                .c(VectorMemory.address(c), shape.n() * 4L)
                .run();
    }

    private void general(
            GemmShape shape,
            MatrixOperand a,
            MatrixOperand b,
            GemmEpilogue epilogue,
            MatrixView c,
            boolean accumulate) {
        GemmChecks.views(shape, a, b, c);
        epilogue.check(shape);
        TileEpilogue last = epilogue.isEmpty() ? null : new TileEpilogue(tiles, epilogue, c.strideBytes());
        GemmRun run = runs.get().reset(shape, accumulate, last).c(c.address(), c.strideBytes());
        run.a(0, 0).b(0, 0);
        switch (a) {
            case MatrixView view -> run.a(view.address(), view.strideBytes());
            case ActivationGradient gradient -> run.left().set(GradientSource.of(gradient));
            case PackedMatrix packed -> throw new IllegalStateException(packed + " passed the checks as a");
        }
        switch (b) {
            case MatrixView view -> run.b(view.address(), view.strideBytes());
            case ActivationGradient gradient -> run.right().set(GradientSource.of(gradient));
            case PackedMatrix packed -> run.right().setPacked(VectorMemory.address(packed.memory()));
        }
        run.run();
    }

    /** Products of a batch from the first to before the end. */
    private record Part(int first, int end) {}

    private void batch(GemmShape shape, MatrixBatch a, MatrixBatch b, MatrixBatch c, boolean accumulate, Part part) {
        GemmRun run = runs.get();
        for (int i = part.first; i < part.end; i++) {
            run.reset(shape, accumulate, null)
                    .a(a.address(i), a.strideBytes(i))
                    .b(b.address(i), b.strideBytes(i))
                    .c(c.address(i), c.strideBytes(i))
                    .run();
        }
    }
}
