package io.ketju.tensor.kernel.reduction;

import static io.ketju.tensor.simd.VectorMemory.address;
import static io.ketju.tensor.simd.VectorMemory.get;
import static io.ketju.tensor.simd.VectorMemory.set;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.ColumnSum;
import io.ketju.tensor.simd.Elements;
import io.ketju.tensor.simd.LaneSum;
import io.ketju.tensor.simd.Operands;
import io.ketju.tensor.simd.Ranges;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.VectorColumnSum;
import io.ketju.tensor.simd.VectorDoubles;
import io.ketju.tensor.simd.VectorMemory;

/** Reductions whose blocks and rows are shared among threads. */
public final class VectorReduction implements ReductionKernels {
    private final TileRunner tiles;

    /**
     * Kernels whose tiles run on a pool.
     *
     * @param tiles the pool, open as long as the kernels are used
     */
    public VectorReduction(TileRunner tiles) {
        this.tiles = tiles;
    }

    @Override
    public float all(Reduction reduction, Tensor x) {
        int count = x.elements();
        long in = address(x);
        int blocks = Math.ceilDiv(count, BLOCK);
        Scratch scratch = tiles.scratch();
        long mark = scratch.mark();
        long parts = scratch.address(blocks * 8L);
        tiles.parallel(blocks, block -> {
            int size = Math.min(BLOCK, count - block * BLOCK);
            long from = in + (long) block * BLOCK * 4;
            double part = reduction.isSum() ? DoubleSum.of(from, size) : RowLoops.reduce(reduction, from, size);
            VectorDoubles.set(parts + block * 8L, part);
        });
        double result = reduction.start();
        for (int block = 0; block < blocks; block++) {
            result = reduction.join(result, VectorDoubles.get(parts + block * 8L));
        }
        scratch.release(mark);
        return reduction.finish(result, count);
    }

    @Override
    public void rows(Reduction reduction, Tensor x, Tensor y) {
        int rows = ReductionOperands.rows(x, y);
        int columns = Operands.columns(x);
        boolean blocks = reduction.isSum() && columns > LaneSum.BLOCK;
        long in = address(x);
        long out = address(y);
        Ranges.rows(tiles, rows, columns, (from, to) -> {
            for (int row = from; row < to; row++) {
                long at = in + (long) row * columns * 4;
                double joined = blocks ? RowLoops.sumOfBlocks(at, columns) : RowLoops.reduce(reduction, at, columns);
                set(out + row * 4L, reduction.finish(joined, columns));
            }
        });
    }

    @Override
    public void columns(Reduction reduction, Tensor x, Tensor y) {
        int columns = ReductionOperands.columns(x, y);
        int rows = Operands.rows(x);
        int blocks = Math.ceilDiv(rows, ColumnSum.BLOCK);
        long in = address(x);
        long out = address(y);
        Scratch scratch = tiles.scratch();
        long mark = scratch.mark();
        long parts = address(scratch.allocate((long) blocks * columns * 4));
        tiles.parallel(blocks, block -> {
            long first = in + (long) block * ColumnSum.BLOCK * columns * 4;
            int count = Math.min(ColumnSum.BLOCK, rows - block * ColumnSum.BLOCK);
            join(reduction, first, count, columns, parts + (long) block * columns * 4);
        });
        if (reduction.isSum()) {
            VectorMemory.clear(out, columns * 4L);
            VectorColumnSum.addBlocks(parts, columns * 4L, blocks, out, columns);
        } else {
            join(reduction, parts, blocks, columns, out);
        }
        scratch.release(mark);
        for (int column = 0; reduction == Reduction.MEAN && column < columns; column++) {
            set(out + column * 4L, reduction.finish(get(out + column * 4L), rows));
        }
    }

    @Override
    public void varianceRows(int correction, Tensor x, Tensor mean, Tensor variance) {
        rows(Reduction.MEAN, x, mean);
        int rows = ReductionOperands.rows(x, variance);
        int columns = Operands.columns(x);
        long in = address(x);
        long means = address(mean);
        long out = address(variance);
        Ranges.rows(tiles, rows, columns, (from, to) -> {
            for (int row = from; row < to; row++) {
                float squares = MomentLoops.squares(in + (long) row * columns * 4, get(means + row * 4L), columns);
                set(out + row * 4L, squares / (columns - correction));
            }
        });
    }

    @Override
    public double squaredNorm(Tensor x) {
        return norm(x, MomentLoops::norm);
    }

    @Override
    public double absoluteNorm(Tensor x) {
        return norm(x, MomentLoops::magnitudes);
    }

    @Override
    public double dot(Tensor x, Tensor y) {
        ReductionOperands.same(x, y);
        long in = address(x);
        long other = address(y);
        return blocks(x.elements(), (from, n) -> MomentLoops.dot(in + from, other + from, n));
    }

    /** The sum of the floats at an address, of each something. */
    @FunctionalInterface
    private interface Norm {
        double of(long x, int n);
    }

    private double norm(Tensor x, Norm loop) {
        long in = address(x);
        return blocks(x.elements(), (from, n) -> loop.of(in + from, n));
    }

    /** The sum of what a loop makes of blocks, each given by its first byte and its elements. */
    private double blocks(int count, Norm loop) {
        int blocks = Math.ceilDiv(count, BLOCK);
        Scratch scratch = tiles.scratch();
        long mark = scratch.mark();
        long parts = scratch.address(blocks * 8L);
        tiles.parallel(blocks, block -> {
            int size = Math.min(BLOCK, count - block * BLOCK);
            double part = loop.of((long) block * BLOCK * 4, size);
            VectorDoubles.set(parts + block * 8L, part);
        });
        double result = 0;
        for (int block = 0; block < blocks; block++) {
            result += VectorDoubles.get(parts + block * 8L);
        }
        scratch.release(mark);
        return result;
    }

    /** {@code y = start, then y = join(y, row)} for each row in ascending order. */
    private void join(Reduction reduction, long x, int rows, int columns, long y) {
        Scratch scratch = tiles.scratch();
        long mark = scratch.mark();
        long spare = address(scratch.allocate(Elements.SPARE_BYTES));
        Elements.run((a, b, c, bytes) -> ColumnLoops.fill(reduction.start(), c, bytes), y, y, y, columns, spare);
        Elements.Loop loop = ColumnLoops.of(reduction);
        for (int row = 0; row < rows; row++) {
            Elements.run(loop, y, x + (long) row * columns * 4, y, columns, spare);
        }
        scratch.release(mark);
    }
}
