package io.ketju.tensor.kernel.matrix;

import static io.ketju.tensor.kernel.matrix.MatrixKernels.K_BLOCK;
import static java.util.Objects.requireNonNull;

import io.ketju.tensor.kernel.activation.ActivationRows;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.Elements;
import io.ketju.tensor.simd.Ranges;
import io.ketju.tensor.simd.Ranges.RangeTask;
import io.ketju.tensor.simd.RunningColumnSums;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.VectorMemory;
import org.jspecify.annotations.Nullable;

/**
 * Pieces of an {@link ActivationGradient}, computed when they are copied or packed, in memory that stays in the cache. An
 * object serves one operand after the other.
 */
final class GradientSource {
    /** Rows of a in a piece: whole panels. */
    static final int LEFT_PIECE = 10 * LeftBlock.COLUMN;
    /** Columns of b in a piece: whole panels. */
    static final int RIGHT_PIECE = 128;
    /** Bytes from a row of a piece to the next. */
    static final long PIECE_STRIDE = (K_BLOCK + 16) * 4L;
    /** Memory for a piece and what the activation needs. */
    static final long PIECE_BYTES = K_BLOCK * PIECE_STRIDE + ActivationRows.SPARE_BYTES;

    /** A rectangle of the operand as it is stored. */
    static final class Piece {
        int row;
        int column;
        int rows;
        int columns;

        Piece set(int row, int column, int rows, int columns) {
            this.row = row;
            this.column = column;
            this.rows = rows;
            this.columns = columns;
            return this;
        }

        /** The same with rows and columns changing places. */
        Piece transposed() {
            return set(column, row, columns, rows);
        }
    }

    /** Computes {@code dy · act'}. */
    private Elements.@Nullable StepLoop loop;
    // Addresses and the bytes from a row to the next.
    private long dy;
    private long stride;
    private long saved;
    private long savedStride;
    /** Address of the sums over all rows, to be added to, or 0. */
    private long sums;

    // While all is computed: where to, or 0, and the size.
    private @Nullable TileRunner tiles;
    private long to;
    private int rows;
    private int columns;
    private final RangeTask byRows = this::someRows;
    private final RangeTask byColumns = this::someColumns;

    GradientSource set(ActivationGradient operand) {
        loop = ActivationRows.backward(operand.activation());
        dy = operand.dy().address();
        stride = operand.dy().strideBytes();
        saved = operand.saved().address();
        savedStride = operand.saved().strideBytes();
        sums = operand.sums() == null ? 0 : VectorMemory.address(operand.sums());
        return this;
    }

    long sums() {
        return sums;
    }

    /** {@code to = dy · act'(saved)} for a part of a row; overwrites the spare memory. */
    private void row(long row, int column, int columns, long to, long spare) {
        long at = column * 4L;
        Elements.run(requireNonNull(loop), saved + row * savedStride + at, dy + row * stride + at, to, columns, spare);
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
        this.tiles = tiles;
        this.rows = rows;
        this.columns = columns;
        this.to = to;
        if (sums == 0) {
            Ranges.rows(tiles, rows, columns, byRows);
        } else {
            Ranges.rows(tiles, columns, rows, byColumns);
        }
    }

    private void someRows(int from, int end) {
        TileWork work = TileWork.own();
        part(work.piece.set(from, 0, end - from, columns), null);
    }

    private void someColumns(int from, int end) {
        TileWork work = TileWork.own();
        part(work.piece.set(0, from, rows, end - from), work.rightSums);
    }

    private void part(Piece part, @Nullable RunningColumnSums sum) {
        Scratch scratch = requireNonNull(tiles).scratch();
        long mark = scratch.mark();
        long spare = scratch.address(ActivationRows.SPARE_BYTES);
        long once = scratch.address(part.columns * 4L);
        RunningColumnSums total = sum == null ? null : sum.begin(scratch, part.columns);
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
