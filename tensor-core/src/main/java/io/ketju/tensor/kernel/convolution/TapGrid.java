package io.ketju.tensor.kernel.convolution;

import static io.ketju.tensor.kernel.matrix.MatrixKernels.K_BLOCK;

/**
 * Results that are sums over the same taps of a {@link TapImage}: rows of neighbouring positions, each tap at a fixed
 * distance from the position it belongs to.
 */
final class TapGrid {
    /** Positions in rows and columns. */
    final int rows;

    final int width;
    /** Where the first position stands in the plane of results, whose others follow a stride apart. */
    final int firstRow;

    final int firstColumn;
    /** The places within the window, kh · kernelWidth + kw, of one channel's taps. */
    final int[] window;
    /** Floats from a position to each of its taps, in the order of the sum. */
    final int[] taps;
    /** The same in bytes, by K-block. */
    private final long[][] distances;

    /** What a grid has of rows or of columns. */
    record Axis(int count, int first) {}

    TapGrid(Axis rows, Axis columns, int[] window, int[] taps) {
        this.rows = rows.count;
        this.width = columns.count;
        firstRow = rows.first;
        firstColumn = columns.first;
        this.window = window;
        this.taps = taps;
        distances = new long[Math.ceilDiv(taps.length, K_BLOCK)][];
        for (int block = 0; block < distances.length; block++) {
            distances[block] = new long[Math.min(K_BLOCK, taps.length - block * K_BLOCK)];
            for (int k = 0; k < distances[block].length; k++) {
                distances[block][k] = (long) taps[block * K_BLOCK + k] * Float.BYTES;
            }
        }
    }

    int blocks() {
        return distances.length;
    }

    /** The distances in bytes of the taps of one K-block. */
    long[] distances(int block) {
        return distances[block];
    }
}
