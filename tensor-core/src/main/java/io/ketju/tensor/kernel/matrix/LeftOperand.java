package io.ketju.tensor.kernel.matrix;

import io.ketju.tensor.kernel.matrix.GradientSource.Piece;
import io.ketju.tensor.kernel.matrix.MicroKernel.Left;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.RunningColumnSums;
import io.ketju.tensor.simd.TileRunner;
import org.jspecify.annotations.Nullable;

/** The operand a of a product: how its blocks come into the array that micro-kernels read. */
final class LeftOperand {
    private static final long BYTES = Float.BYTES;

    private final TileRunner tiles;
    private Left order = Left.ROWS;
    private long address;
    private long stride;
    private @Nullable GradientSource gradient;

    LeftOperand(TileRunner tiles) {
        this.tiles = tiles;
    }

    /** A matrix as it lies, rows {@code stride} bytes apart; transposed, if its columns are the rows of c. */
    void set(boolean transposed, long address, long stride) {
        order = transposed ? Left.COLUMNS : Left.ROWS;
        this.address = address;
        this.stride = stride;
        gradient = null;
    }

    /** A gradient instead. */
    void set(GradientSource source) {
        gradient = source;
    }

    Left order() {
        return order;
    }

    /** Where a matrix lies. */
    long address() {
        return address;
    }

    /** Bytes from a row to the next, where it lies. */
    long stride() {
        return stride;
    }

    boolean isGradient() {
        return gradient != null;
    }

    /** Address of the sums over all rows that are wanted, or 0. */
    long sums() {
        return gradient == null ? 0 : gradient.sums();
    }

    /** Only the sums, if they are wanted. */
    void sumOnly(int m, int k) {
        if (gradient != null && gradient.sums() != 0) {
            gradient.computeAll(tiles, k, m, 0);
        }
    }

    /** Computes a gradient at once, which several tiles would else compute again and again. */
    void computeNow(int m, int k, Scratch scratch) {
        if (gradient != null) {
            boolean columns = order == Left.COLUMNS;
            int width = columns ? m : k;
            long all = scratch.address((long) m * k * BYTES);
            gradient.computeAll(tiles, columns ? k : m, width, all);
            set(columns, all, width * BYTES);
        }
    }

    /**
     * Copies rows of one K-block.
     *
     * @param first where the K-block starts
     * @param i the first row
     * @param total sums that the rows of a gradient are added to, or null
     */
    void copy(int first, int length, int i, int rows, float[] to, @Nullable RunningColumnSums total) {
        if (gradient != null) {
            for (int row = 0; row < rows; row += GradientSource.LEFT_PIECE) {
                int count = Math.min(GradientSource.LEFT_PIECE, rows - row);
                piece(gradient, TileWork.own().piece.set(first, i + row, length, count), row, to, total);
            }
        } else if (order == Left.ROWS) {
            LeftBlock.copyRows(address + i * stride + first * BYTES, stride, rows, length, to);
        } else {
            LeftBlock.copyColumns(address + first * stride + i * BYTES, stride, rows, length, to);
        }
    }

    /** A piece (row: k; column: row of c) of the block, which starts at a row of it, so that it fits the second cache. */
    private void piece(GradientSource source, Piece piece, int row, float[] to, @Nullable RunningColumnSums total) {
        Scratch scratch = tiles.scratch();
        long mark = scratch.mark();
        long buffer = scratch.address(GradientSource.PIECE_BYTES);
        int length = piece.rows;
        int rows = piece.columns;
        if (order == Left.ROWS) {
            source.compute(piece.transposed(), buffer, null, 0);
            LeftBlock.copyRows(buffer, GradientSource.PIECE_STRIDE, rows, length, to, row);
        } else {
            source.compute(piece, buffer, total, row);
            LeftBlock.copyColumns(buffer, GradientSource.PIECE_STRIDE, rows, length, to, row);
        }
        scratch.release(mark);
    }
}
