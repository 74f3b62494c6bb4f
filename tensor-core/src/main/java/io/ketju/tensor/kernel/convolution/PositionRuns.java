package io.ketju.tensor.kernel.convolution;

import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorWidth;

/**
 * Some output positions of a convolution as vectors of neighbours in a {@link TapImage}: the same for
 * every tap, so that nothing is computed where the copying is done. A row of positions is covered by whole vectors, the
 * last of which overruns into what the next one writes.
 */
final class PositionRuns {
    /** Bytes from the image to each vector. */
    private final long[] from;
    /** The vector's first position, counted from the first of all. */
    private final int[] to;

    private PositionRuns(int count) {
        from = new long[count];
        to = new int[count];
    }

    /** The positions from {@code first} on, {@code count} of them. */
    static PositionRuns of(TapImage layout, int first, int count) {
        int vectors = 0;
        for (int p = 0; p < count; p += vector(layout, first, p, count)) {
            vectors++;
        }
        PositionRuns result = new PositionRuns(vectors);
        int p = 0;
        for (int v = 0; v < vectors; v++) {
            result.from[v] = layout.position(first + p) * (long) Float.BYTES;
            result.to[v] = p;
            p += vector(layout, first, p, count);
        }
        return result;
    }

    /** Positions from p on that one vector covers. */
    private static int vector(TapImage layout, int first, int p, int count) {
        return Math.min(Math.min(count - p, layout.run(first + p)), VectorWidth.LANES);
    }

    /**
     * Copies what stands at the positions, from {@code index} on; what is written may end less than a vector behind the
     * last position.
     */
    void copy(long image, float[] target, int index) {
        for (int v = 0; v < from.length; v++) {
            VectorMemory.load(image + from[v]).intoArray(target, index + to[v]);
        }
    }

    /**
     * Copies rows of a panel: what stands at the positions for each tap.
     *
     * @param taps bytes from the image to where the first position has a tap
     * @param row bytes from a row of the panel to the next; a vector may run over into the next one
     */
    void copy(long image, long[] taps, long panel, long row) {
        for (int k = 0; k < taps.length; k++) {
            long at = image + taps[k];
            long target = panel + k * row;
            for (int v = 0; v < from.length; v++) {
                VectorMemory.store(VectorMemory.load(at + from[v]), target + to[v] * (long) Float.BYTES);
            }
        }
    }
}
