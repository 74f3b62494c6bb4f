package io.ketju.tensor.kernel.indexing;

import static io.ketju.tensor.simd.VectorMemory.getInt;
import static io.ketju.tensor.simd.VectorMemory.setInt;

import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.MatrixTransposition;
import io.ketju.tensor.simd.Ranges;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorPairs;
import io.ketju.tensor.simd.VectorTranspose;

/** Permutes the dimensions of a tensor with elements: copies rows, or transposes matrices. */
record PermutedBlocks(TileRunner tiles, Permutation p) {
    /** Columns of a matrix of which a tile takes a multiple. */
    private static final int BAND = 64;

    /** Matrices with a side of at most this are moved element by element: a block of them would be nearly empty. */
    private static final int NARROW = 3;

    void run(long x, long y) {
        int last = p.rank - 1;
        if (last < 0) {
            VectorMemory.setInt(y, VectorMemory.getInt(x));
        } else if (p.xStrides[last] == 1) {
            rows(x, y);
        } else {
            int contiguous = last;
            for (int d = 0; d < last; d++) {
                contiguous = p.xStrides[d] == 1 ? d : contiguous;
            }
            matrices(contiguous, x, y);
        }
    }

    /** The innermost dimension stays: its rows are copied, those along the dimension outside of it in one go. */
    private void rows(long x, long y) {
        int last = p.rank - 1;
        int columns = p.sizes[last];
        if (last == 0) {
            Ranges.elements(
                    tiles, columns, (from, to) -> VectorMemory.copy(x + 4L * from, y + 4L * from, 4L * (to - from)));
            return;
        }
        int skipped = 1 << last | 1 << (last - 1);
        int rows = p.sizes[last - 1];
        int band = Math.clamp(Ranges.TILE / columns, 1, rows);
        int bands = Math.ceilDiv(rows, band);
        int blocks = p.count(skipped);
        Ranges.rows(tiles, Math.multiplyExact(blocks, bands), band * columns, (from, to) -> {
            for (int tile = from; tile < to; tile++) {
                int first = tile % bands * band;
                long source = p.offset(tile / bands, p.xStrides, skipped) + first * p.xStrides[last - 1];
                long target = p.offset(tile / bands, p.yStrides, skipped) + (long) first * columns;
                new RowLoops.Rows(Math.min(band, rows - first), columns, 4 * p.xStrides[last - 1], 4L * columns)
                        .copy(x + 4 * source, y + 4 * target);
            }
        });
    }

    /** Two innermost dimensions, one of x and one of y: the matrices between them are transposed. */
    private void matrices(int contiguous, long x, long y) {
        int last = p.rank - 1;
        int skipped = 1 << last | 1 << contiguous;
        int columns = p.sizes[contiguous];
        int band = Math.min(p.sizes[last], Math.max(BAND, Ranges.TILE / columns / BAND * BAND));
        int bands = Math.ceilDiv(p.sizes[last], band);
        Ranges.rows(tiles, Math.multiplyExact(p.count(skipped), bands), band * columns, (fromTile, toTile) -> {
            Scratch scratch = tiles.scratch();
            long mark = scratch.mark();
            long buffer = VectorMemory.address(scratch.allocate(VectorTranspose.BUFFER_BYTES));
            for (int tile = fromTile; tile < toTile; tile++) {
                int from = tile % bands * band;
                int rows = Math.min(band, p.sizes[last] - from);
                long source = x + 4 * (p.offset(tile / bands, p.xStrides, skipped) + from * p.xStrides[last]);
                long target = y + 4 * (p.offset(tile / bands, p.yStrides, skipped) + from);
                var matrix = new MatrixTransposition(rows, columns, 4 * p.xStrides[last], 4 * p.yStrides[contiguous]);
                if (rows <= NARROW) {
                    wide(matrix, source, target);
                } else if (columns <= NARROW) {
                    tall(matrix, source, target);
                } else {
                    matrix.run(source, target, buffer);
                }
            }
            scratch.release(mark);
        });
    }

    /** Few rows of x. */
    private static void wide(MatrixTransposition matrix, long x, long y) {
        if (matrix.rows() == 2 && matrix.yStride() == 8) {
            VectorPairs.join(x, x + matrix.xStride(), y, matrix.columns());
            return;
        }
        for (int row = 0; row < matrix.rows(); row++) {
            spread(x + row * matrix.xStride(), 4, y + 4L * row, matrix.yStride(), matrix.columns());
        }
    }

    /** Few columns of x. */
    private static void tall(MatrixTransposition matrix, long x, long y) {
        if (matrix.columns() == 2 && matrix.xStride() == 8) {
            VectorPairs.part(x, y, y + matrix.yStride(), matrix.rows());
            return;
        }
        for (int column = 0; column < matrix.columns(); column++) {
            spread(x + 4L * column, matrix.xStride(), y + column * matrix.yStride(), 4, matrix.rows());
        }
    }

    private static void spread(long x, long xStride, long y, long yStride, int count) {
        long from = x;
        long to = y;
        for (int i = 0; i < count; i++, from += xStride, to += yStride) {
            setInt(to, getInt(from));
        }
    }
}
