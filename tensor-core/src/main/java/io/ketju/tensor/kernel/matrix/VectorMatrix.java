package io.ketju.tensor.kernel.matrix;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.simd.Ranges.RangeTask;
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
    /** What a thread keeps from one call to the next, so that products allocate nothing. */
    private final ThreadLocal<Calls> calls;

    private static final class Calls {
        final GemmRun run;
        final TileEpilogue epilogue;
        final RightOperand packing;
        final GradientSource left = new GradientSource();
        final GradientSource right = new GradientSource();
        final RowSums sums;

        Calls(TileRunner tiles) {
            run = new GemmRun(tiles);
            epilogue = new TileEpilogue(tiles);
            packing = new RightOperand(tiles);
            sums = new RowSums(tiles);
        }
    }

    /** The sums of some columns over all rows. */
    private static final class RowSums implements RangeTask {
        private final TileRunner tiles;
        private int rows;
        private int columns;
        private long x;
        private long sums;

        RowSums(TileRunner tiles) {
            this.tiles = tiles;
        }

        @Override
        public void run(int from, int to) {
            long at = from * 4L;
            VectorColumnSum.add(x + at, columns * 4L, rows, sums + at, to - from, tiles.scratch());
        }
    }

    /**
     * Kernels whose tiles run on a pool.
     *
     * @param tiles the pool, open as long as the kernels are used
     */
    public VectorMatrix(TileRunner tiles) {
        this.tiles = tiles;
        calls = ThreadLocal.withInitial(() -> new Calls(tiles));
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
        dense(shape, a, b, c, false, calls.get().epilogue.set(bias, shape.n() * 4L));
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
        RightOperand operand = calls.get().packing;
        operand.set(transposed, packed.k(), packed.n(), b.address(), b.strideBytes());
        operand.packAll(VectorMemory.address(packed.memory()));
        packed.markPacked();
    }

    @Override
    public void sumRowsAccumulate(Tensor x, Tensor sums) {
        RowSums call = calls.get().sums;
        call.columns = sums.elements();
        call.rows = call.columns == 0 ? 0 : x.elements() / call.columns;
        call.x = VectorMemory.address(x);
        call.sums = VectorMemory.address(sums);
        tiles.parallel(call.columns, SUM_COLUMNS, call);
    }

    private void dense(GemmShape shape, Tensor a, Tensor b, Tensor c, boolean accumulate, @Nullable TileEpilogue last) {
        GemmChecks.dense(shape, a, b, c);
        calls.get()
                .run
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
        Calls own = calls.get();
        TileEpilogue last = epilogue.isEmpty() ? null : own.epilogue.set(epilogue, c.strideBytes());
        GemmRun run = own.run.reset(shape, accumulate, last).c(c.address(), c.strideBytes());
        run.a(0, 0).b(0, 0);
        switch (a) {
            case MatrixView view -> run.a(view.address(), view.strideBytes());
            case ActivationGradient gradient -> run.left().set(own.left.set(gradient));
            case PackedMatrix packed -> throw new IllegalStateException(packed + " passed the checks as a");
        }
        switch (b) {
            case MatrixView view -> run.b(view.address(), view.strideBytes());
            case ActivationGradient gradient -> run.right().set(own.right.set(gradient));
            case PackedMatrix packed -> run.right().setPacked(VectorMemory.address(packed.memory()));
        }
        run.run();
    }

    /** Products of a batch from the first to before the end. */
    private record Part(int first, int end) {}

    private void batch(GemmShape shape, MatrixBatch a, MatrixBatch b, MatrixBatch c, boolean accumulate, Part part) {
        GemmRun run = calls.get().run;
        for (int i = part.first; i < part.end; i++) {
            run.reset(shape, accumulate, null)
                    .a(a.address(i), a.strideBytes(i))
                    .b(b.address(i), b.strideBytes(i))
                    .c(c.address(i), c.strideBytes(i))
                    .run();
        }
    }
}
