package io.ketju.tensor.kernel.normalization;

import static io.ketju.tensor.simd.VectorMemory.address;
import static io.ketju.tensor.simd.VectorMemory.get;
import static io.ketju.tensor.simd.VectorMemory.set;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.Affine;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.Gradients;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.RowStatistics;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.Ranges;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.VectorMemory;
import org.jspecify.annotations.Nullable;

/** Layer normalization, and RMSNorm as layer normalization with a mean of 0. */
final class VectorRowNorm {
    private static final long BYTES = Float.BYTES;
    private static final long NOWHERE = 0;
    /** Rows whose statistics are made together, before they are normalized. */
    private static final int ROWS = 4;

    private final RowNorm norm;
    private final int columns;
    /** Nowhere for RMSNorm. */
    private final long mean;

    private final long rstd;
    private final long x;

    /** Of RMSNorm if the mean is absent. */
    VectorRowNorm(RowNorm norm, @Nullable Tensor mean, Tensor rstd, Tensor x) {
        this.norm = norm;
        columns = norm.columns();
        this.mean = addressOf(mean);
        this.rstd = address(rstd);
        this.x = address(x);
    }

    static VectorRowNorm layer(RowNorm norm, RowStatistics saved, Tensor x) {
        return new VectorRowNorm(norm, saved.mean(), saved.rstd(), x);
    }

    private static long addressOf(@Nullable Tensor tensor) {
        return tensor == null ? NOWHERE : address(tensor);
    }

    void forward(TileRunner tiles, Affine affine, Tensor y) {
        Scratch scratch = tiles.scratch();
        long mark = scratch.mark();
        try {
            long gamma = orFilled(scratch, affine.gamma(), 1);
            long beta = orFilled(scratch, affine.beta(), 0);
            long out = address(y);
            Ranges.rows(tiles, norm.rows(), columns, (from, to) -> {
                VectorRows rows = new VectorRows(columns, gamma);
                Statistics statistics = new Statistics();
                for (int row = from; row < to; row += ROWS) {
                    statistics.of(row, Math.min(ROWS, to - row));
                    for (int i = row; i < Math.min(row + ROWS, to); i++) {
                        long at = (long) i * columns * BYTES;
                        row(rows, i).normalize(x + at, out + at, beta);
                    }
                }
            });
        } finally {
            scratch.release(mark);
        }
    }

    /** With the saved statistics of a row. */
    private VectorRows row(VectorRows rows, int row) {
        return rows.row(mean == NOWHERE ? 0 : get(mean + row * BYTES), get(rstd + row * BYTES));
    }

    /** The statistics of some rows at once. One per tile. */
    private final class Statistics {
        private final VectorRuns runs = new VectorRuns();
        private final Moments[] all = Moments.create(ROWS);

        void of(int first, int count) {
            if (mean == NOWHERE) {
                for (int row = first; row < first + count; row++) {
                    double squares = runs.squares(x + (long) row * columns * BYTES, columns);
                    set(rstd + row * BYTES, Sizes.rstd((float) (squares / columns), norm.epsilon()));
                }
            } else {
                runs.moments(x + (long) first * columns * BYTES, columns * BYTES, count, columns, all);
                for (int row = 0; row < count; row++) {
                    save(first + row, all[row]);
                }
            }
        }

        private void save(int row, Moments moments) {
            set(mean + row * BYTES, moments.mean());
            set(rstd + row * BYTES, Sizes.rstd(moments.variance(), norm.epsilon()));
        }
    }

    void backward(TileRunner tiles, @Nullable Tensor gamma, Tensor dy, Gradients gradients) {
        int blocks = Math.ceilDiv(norm.rows(), Sizes.ROWS);
        if (blocks == 0) {
            return;
        }
        Scratch scratch = tiles.scratch();
        long mark = scratch.mark();
        try {
            long weights = orFilled(scratch, gamma, 1);
            long half = columns * BYTES;
            long sums = address(scratch.allocate(2 * half * blocks));
            long in = address(dy);
            long dx = addressOf(gradients.dx());
            Ranges.rows(tiles, blocks, Sizes.ROWS * columns, (from, to) -> {
                for (int block = from; block < to; block++) {
                    block(tiles, block, new VectorRows(columns, weights), in, dx, sums + 2 * half * block);
                }
            });
            addBlocks(tiles, sums, blocks, gradients.dgamma());
            addBlocks(tiles, sums + half, blocks, gradients.dbeta());
        } finally {
            scratch.release(mark);
        }
    }

    /** The gradients of one block of rows; the sums of the columns, for dgamma and then for dbeta, start from zero. */
    private void block(TileRunner tiles, int block, VectorRows rows, long dy, long to, long columnSums) {
        Scratch scratch = tiles.scratch();
        long mark = scratch.mark();
        try {
            long unused = to == NOWHERE ? address(scratch.allocate(columns * BYTES)) : NOWHERE;
            VectorMemory.clear(columnSums, 2L * columns * BYTES);
            int end = Math.min(norm.rows(), (block + 1) * Sizes.ROWS);
            for (int row = block * Sizes.ROWS; row < end; row++) {
                long at = (long) row * columns * BYTES;
                long dx = to == NOWHERE ? unused : to + at;
                gradient(row(rows, row), x + at, dy + at, dx, columnSums);
            }
        } finally {
            scratch.release(mark);
        }
    }

    private void gradient(VectorRows rows, long x, long dy, long dx, long columnSums) {
        rows.sums(x, dy);
        float c = mean == NOWHERE ? 0 : (float) (rows.rstd() * (rows.total() / columns));
        float k = (float) (rows.rstd() * (rows.products() / columns));
        rows.gradient(x, dy, dx, c, k, columnSums);
    }

    private void addBlocks(TileRunner tiles, long sums, int blocks, @Nullable Tensor result) {
        if (result == null) {
            return;
        }
        long out = address(result);
        long stride = 2L * columns * BYTES;
        Ranges.rows(
                tiles,
                columns,
                blocks,
                (from, to) -> VectorRows.addBlocks(sums + from * BYTES, blocks, stride, out + from * BYTES, to - from));
    }

    /** The tensor, or as many columns of one value. */
    private long orFilled(Scratch scratch, @Nullable Tensor tensor, float value) {
        if (tensor != null) {
            return address(tensor);
        }
        long filled = address(scratch.allocate(columns * BYTES));
        for (int i = 0; i < columns; i++) {
            set(filled + i * BYTES, value);
        }
        return filled;
    }
}
