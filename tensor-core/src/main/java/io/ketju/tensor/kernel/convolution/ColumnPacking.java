package io.ketju.tensor.kernel.convolution;

import io.ketju.tensor.kernel.matrix.RightPanels;
import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorWidth;

/** Packs the columns of a strided convolution from a {@link TapImage} into {@link RightPanels}. */
final class ColumnPacking {
    private static final long BYTES = Float.BYTES;

    private final TapImage layout;
    private final long image;
    /** Where the positions of the current panel lie, in bytes. */
    private final long[] positions = new long[RightPanels.COLUMNS];

    ColumnPacking(TapImage layout, long image) {
        this.layout = layout;
        this.image = image;
    }

    /** Packs the taps of one K-block of positions p to p+n-1. */
    void pack(int block, int p, int n, long to) {
        long[] distances = layout.distances(block);
        long target = to;
        for (int j = 0; j < n; j += RightPanels.COLUMNS) {
            int columns = Math.min(n - j, RightPanels.COLUMNS);
            int width = RightPanels.vectors(columns) * VectorWidth.LANES;
            for (int column = 0; column < columns; column++) {
                positions[column] = image + layout.position(p + j + column) * BYTES;
            }
            for (long distance : distances) {
                row(distance, columns, target);
                if (columns < width) {
                    VectorMemory.clear(target + columns * BYTES, (width - columns) * BYTES);
                }
                target += width * BYTES;
            }
        }
    }

    private void row(long distance, int columns, long to) {
        for (int column = 0; column < columns; column++) {
            VectorMemory.set(to + column * BYTES, VectorMemory.get(positions[column] + distance));
        }
    }
}
