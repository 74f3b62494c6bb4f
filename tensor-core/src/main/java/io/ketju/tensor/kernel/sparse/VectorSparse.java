package io.ketju.tensor.kernel.sparse;

import static io.ketju.tensor.simd.VectorMemory.getInt;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.Ranges;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorRows;

/** Sparse products on vectors of columns, whole rows per tile. */
public final class VectorSparse implements SparseKernels {
    private final TileRunner tiles;

    /**
     * Kernels whose tiles run on a pool.
     *
     * @param tiles the pool, open as long as the kernels are used
     */
    public VectorSparse(TileRunner tiles) {
        this.tiles = tiles;
    }

    @Override
    public void multiply(CsrMatrix a, Tensor x, Tensor y) {
        multiply(a, x, y, false);
    }

    @Override
    public void multiplyAccumulate(CsrMatrix a, Tensor x, Tensor y) {
        multiply(a, x, y, true);
    }

    @Override
    public void transposedAccumulate(CsrMatrix a, Tensor x, Tensor y) {
        int width = a.width(y, x);
        if (a.elements() == 0) {
            return;
        }
        Scratch scratch = tiles.scratch();
        long mark = scratch.mark();
        ColumnOrder order = ColumnOrder.of(a, tiles);
        TransposedSums sums = new TransposedSums(order, VectorMemory.address(x), VectorMemory.address(y), width);
        tiles.parallel(order.parts(), part -> sums.add(order.start(part), order.start(part + 1)));
        scratch.release(mark);
    }

    @Override
    public void backwardValues(CsrMatrix a, Tensor dy, Tensor x, Tensor dvalues) {
        int width = a.width(x, dy);
        SparseChecks.values(a, dvalues);
        long in = VectorMemory.address(x);
        long gradients = VectorMemory.address(dy);
        long pointers = VectorMemory.address(a.rowPointers());
        long columns = VectorMemory.address(a.columnIndexes());
        long out = VectorMemory.address(dvalues);
        Ranges.rows(tiles, a.rows(), workPerRow(a, width), (from, to) -> {
            for (int row = from; row < to; row++) {
                long dyRow = gradients + 4L * row * width;
                for (int e = getInt(pointers + 4L * row); e < getInt(pointers + 4L * row + 4); e++) {
                    long xRow = in + 4L * width * getInt(columns + 4L * e);
                    VectorMemory.set(out + 4L * e, VectorRows.dot(dyRow, xRow, width));
                }
            }
        });
    }

    @Override
    public void maxima(CsrMatrix a, Tensor x, Tensor y, Tensor winners) {
        SparseChecks.winners(y, winners);
        int width = a.width(x, y);
        Ranges.rows(tiles, a.rows(), workPerRow(a, width), (from, to) -> RowMaxima.run(a, x, y, winners, from, to));
    }

    @Override
    public void maximaBackward(Tensor dy, Tensor winners, Tensor dx) {
        SparseChecks.winners(dy, winners);
        int columns = RowMaxima.columns(dy);
        int work = columns == 0 ? 0 : (dy.elements() + dx.elements()) / columns;
        Ranges.rows(
                tiles,
                columns,
                Math.min(work, Ranges.TILE),
                (from, to) -> RowMaxima.backward(dy, winners, dx, from, to));
    }

    private void multiply(CsrMatrix a, Tensor x, Tensor y, boolean accumulate) {
        int width = a.width(x, y);
        long in = VectorMemory.address(x);
        long out = VectorMemory.address(y);
        long pointers = VectorMemory.address(a.rowPointers());
        long columns = VectorMemory.address(a.columnIndexes());
        long values = VectorMemory.address(a.values());
        Ranges.rows(tiles, a.rows(), workPerRow(a, width), (from, to) -> {
            for (int row = from; row < to; row++) {
                int start = getInt(pointers + 4L * row);
                int count = getInt(pointers + 4L * row + 4) - start;
                RowProducts.product(
                        new RowProducts.Row(columns + 4L * start, values + 4L * start, count),
                        in,
                        out + 4L * row * width,
                        width,
                        accumulate);
            }
        });
    }

    private static int workPerRow(CsrMatrix a, int width) {
        long work = (long) width * Math.max(1, a.elements() / Math.max(1, a.rows()));
        return (int) Math.min(work, Ranges.TILE);
    }
}
