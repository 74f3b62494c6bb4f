package io.ketju.tensor.kernel.matrix;

import static io.ketju.tensor.kernel.matrix.MatrixKernels.K_BLOCK;

import io.ketju.tensor.kernel.activation.ActivationRows;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.Elements;
import io.ketju.tensor.simd.Ranges;
import io.ketju.tensor.simd.RunningColumnSums;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.VectorMemory;
import org.jspecify.annotations.Nullable;

/**
 * Pieces of an {@link ActivationGradient}, computed when they are copied or packed, in memory that stays in the cache.
 *
 * @param loop computes {@code dy · act'}
 * @param dy address of the gradient of the output; its rows {@code stride} bytes apart
 * @param saved address of what forward saved; its rows {@code savedStride} bytes apart
 * @param sums address of the sums over all rows, to be added to, or 0
 */
record GradientSource(Elements.StepLoop loop, long dy, long stride, long saved, long savedStride, long sums) {
    /** Rows of a in a piece: whole panels. */
    static final int LEFT_PIECE = 10 * LeftBlock.COLUMN;
    /** Columns of b in a piece: whole panels. */
    static final int RIGHT_PIECE = 128;
    /** Bytes from a row of a piece to the next. */
    static final long PIECE_STRIDE = (K_BLOCK + 16) * 4L;
    /** Memory for a piece and what the activation needs. */
    static final long PIECE_BYTES = K_BLOCK * PIECE_STRIDE + ActivationRows.SPARE_BYTES;

    /** A rectangle of the operand as it is stored. */
    record Piece(int row, int column, int rows, int columns) {}

    static GradientSource of(ActivationGradient operand) {
        return new GradientSource(
                ActivationRows.backward(operand.activation()),
                operand.dy().address(),
                operand.dy().strideBytes(),
                operand.saved().address(),
                operand.saved().strideBytes(),
                operand.sums() == null ? 0 : VectorMemory.address(operand.sums()));
    }

    /** {@code to = dy · act'(saved)} for a part of a row; overwrites the spare memory. */
    private void row(long row, int column, int columns, long to, long spare) {
        long at = column * 4L;
        Elements.run(loop, saved + row * savedStride + at, dy + row * stride + at, to, columns, spare);
    }

    /**
     * Computes a piece with rows {@link #PIECE_STRIDE} bytes apart.
     *
     * @param total sums that its rows are added to, or null; its first column is column {@code part} of them
     */
    void compute(Piece piece, long to, @Nullable RunningColumnSums total, int part) {
        long spare = to + K_BLOCK * PIECE_STRIDE;
        for (int i = 0; i < piece.rows; i++) {
            long target = to + i * PIECE_STRIDE;
            row(piece.row + i, piece.column, piece.columns, target, spare);
            if (total != null) {
                BlockProduct.add(target, total.address(part), piece.columns);
                total.added(piece.row + i, part, piece.columns);
            }
        }
    }

    /** All of the operand, its rows one behind the other, or only the sums of its rows if {@code to} is 0. */
    void computeAll(TileRunner tiles, int rows, int columns, long to) {
        if (sums == 0) {
            Ranges.rows(
                    tiles,
                    rows,
                    columns,
                    (from, end) -> part(tiles, new Piece(from, 0, end - from, columns), to, columns));
            return;
        }
        Ranges.rows(
                tiles, columns, rows, (from, end) -> part(tiles, new Piece(0, from, rows, end - from), to, columns));
    }

    private void part(TileRunner tiles, Piece part, long to, int columns) {
        Scratch scratch = tiles.scratch();
        long mark = scratch.mark();
        long spare = scratch.address(ActivationRows.SPARE_BYTES);
        long once = scratch.address(part.columns * 4L);
        RunningColumnSums total = sums == 0 ? null : RunningColumnSums.of(scratch, part.columns);
        for (int i = part.row; i < part.row + part.rows; i++) {
            long target = to == 0 ? once : to + ((long) i * columns + part.column) * 4L;
            row(i, part.column, part.columns, target, spare);
            if (total != null) {
                BlockProduct.add(target, total.address(0), part.columns);
                total.added(i, 0, part.columns);
            }
        }
        if (total != null) {
            total.addTo(sums + part.column * 4L, part.rows, 0, part.columns);
        }
        scratch.release(mark);
    }
}
