package io.ketju.tensor.kernel.matrix;

import static io.ketju.tensor.kernel.matrix.MatrixKernels.K_BLOCK;

import io.ketju.tensor.kernel.matrix.GradientSource.Piece;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.RunningColumnSums;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.TileRunner.TileTask;
import io.ketju.tensor.simd.VectorTranspose;
import org.jspecify.annotations.Nullable;

/** The operand b of a product: how it comes into {@link RightPanels}. */
final class RightOperand {
    private static final long BYTES = Float.BYTES;
    /** Columns that are packed as one tile. */
    private static final int PART = 512;

    private final TileRunner tiles;
    private boolean transposed;
    private int k;
    private int n;
    private long address;
    private long stride;
    private long packed;
    private @Nullable GradientSource gradient;
    /** Where all of b is being packed to. */
    private long packing;

    private final TileTask plain = this::packPart;
    private final TileTask summed = this::packAndSum;

    RightOperand(TileRunner tiles) {
        this.tiles = tiles;
    }

    /** A matrix as it lies, rows {@code stride} bytes apart. */
    void set(GemmShape shape, long address, long stride) {
        transposed = shape.layout() == GemmShape.Layout.NT;
        k = shape.k();
        n = shape.n();
        this.address = address;
        this.stride = stride;
        packed = 0;
        gradient = null;
    }

    /** A gradient instead. */
    void set(GradientSource source) {
        gradient = source;
    }

    /** All of b, packed before, instead. */
    void setPacked(long panels) {
        packed = panels;
    }

    boolean isPacked() {
        return packed != 0;
    }

    boolean isGradient() {
        return gradient != null;
    }

    /** Bytes from a row to the next, where it lies. */
    long stride() {
        return stride;
    }

    /** Address of the sums over all rows that are wanted, or 0. */
    long sums() {
        return gradient == null ? 0 : gradient.sums();
    }

    /** Only the sums, if they are wanted. */
    void sumOnly() {
        if (gradient != null && gradient.sums() != 0) {
            gradient.computeAll(tiles, k, n, 0);
        }
    }

    /** Where columns from j on of a K-block lie. */
    long direct(int first, int j) {
        return address + first * stride + j * BYTES;
    }

    /** Where columns from j on, a multiple of a panel's, of a K-block lie if all is packed. */
    long packed(int first, int length, int j) {
        return packed + offset(first, length, j);
    }

    /** Packs all of b. */
    void packAll(long to) {
        boolean summing = sums() != 0;
        int blocks = Math.ceilDiv(k, K_BLOCK);
        int parts = Math.ceilDiv(n, PART);
        packing = to;
        if (!summing) {
            tiles.parallel(blocks * parts, plain);
        } else {
            tiles.parallel(parts, summed);
        }
        packed = to;
    }

    private void packPart(int part) {
        int parts = Math.ceilDiv(n, PART);
        int first = part / parts * K_BLOCK;
        int j = part % parts * PART;
        int length = Math.min(K_BLOCK, k - first);
        pack(first, length, j, Math.min(PART, n - j), packing + offset(first, length, j), null);
    }

    /** All K-blocks one after the other, because their rows are summed in this order. */
    private void packAndSum(int part) {
        int j = part * PART;
        int columns = Math.min(PART, n - j);
        Scratch scratch = tiles.scratch();
        long mark = scratch.mark();
        RunningColumnSums total = TileWork.own().rightSums.begin(scratch, columns);
        for (int first = 0; first < k; first += K_BLOCK) {
            int length = Math.min(K_BLOCK, k - first);
            pack(first, length, j, columns, packing + offset(first, length, j), total);
        }
        total.addTo(sums() + j * BYTES, k, 0, columns);
        scratch.release(mark);
    }

    /**
     * Packs columns from j on of one K-block.
     *
     * @param total sums that the rows of a gradient are added to, or null
     */
    void pack(int first, int length, int j, int columns, long to, @Nullable RunningColumnSums total) {
        if (gradient == null && !transposed) {
            RightPanels.pack(direct(first, j), stride, length, columns, to);
            return;
        }
        Scratch scratch = tiles.scratch();
        long mark = scratch.mark();
        if (gradient != null) {
            for (int column = 0; column < columns; column += GradientSource.RIGHT_PIECE) {
                int count = Math.min(GradientSource.RIGHT_PIECE, columns - column);
                long target = to + (long) column * length * BYTES;
                piece(gradient, TileWork.own().piece.set(first, j + column, length, count), column, target, total);
            }
        } else {
            long from = address + j * stride + first * BYTES;
            long buffer = scratch.address(VectorTranspose.BUFFER_BYTES);
            RightPanels.packTransposed(from, stride, length, columns, to, buffer);
        }
        scratch.release(mark);
    }

    /** A piece (row: k; column: column of c) of the block, which starts at a column of it, to fit the second cache. */
    private void piece(GradientSource source, Piece piece, int column, long to, @Nullable RunningColumnSums total) {
        Scratch scratch = tiles.scratch();
        long buffer = scratch.address(GradientSource.PIECE_BYTES);
        long transposing = scratch.address(VectorTranspose.BUFFER_BYTES);
        int length = piece.rows;
        int columns = piece.columns;
        if (transposed) {
            source.compute(piece.transposed(), buffer, null, 0);
            RightPanels.packTransposed(buffer, GradientSource.PIECE_STRIDE, length, columns, to, transposing);
        } else {
            source.compute(piece, buffer, total, column);
            RightPanels.pack(buffer, GradientSource.PIECE_STRIDE, length, columns, to);
        }
    }

    private long offset(int first, int length, int j) {
        return RightPanels.bytes(n, first) + (long) j * length * BYTES;
    }
}
