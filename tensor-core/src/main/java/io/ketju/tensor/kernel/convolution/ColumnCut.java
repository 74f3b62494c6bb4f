package io.ketju.tensor.kernel.convolution;

import static io.ketju.tensor.kernel.matrix.MatrixKernels.K_BLOCK;

import io.ketju.tensor.kernel.matrix.LeftBlock;
import io.ketju.tensor.kernel.matrix.RightPanels;
import io.ketju.tensor.simd.VectorWidth;

/**
 * How a {@link ColumnProduct} is cut, by its sizes alone: large planes into bands of rows, small ones gathered from
 * several samples, many planes of results into chunks that share neither results nor weights.
 *
 * @param samples samples that are computed as one
 * @param rows rows of positions of a band
 * @param bands bands of a plane, 1 if there are several samples
 * @param planes planes of results of a chunk
 * @param dense whether the columns are copied side by side, to where a panel of the micro-kernels starts at a full line of
 *     the cache, or read where they lie, and those between the rows with them
 */
record ColumnCut(int samples, int rows, int bands, int planes, boolean dense) {
    /** Most planes of a chunk: a K-block of their weights takes a quarter of a second-level cache of 1 MiB. */
    private static final int MOST_PLANES = 32 * LeftBlock.ROWS;
    /** Most floats of results, which stay in the second-level cache from one K-block to the next. */
    private static final int MOST_RESULTS = 1 << 17;

    private static final int LEAST_SPAN = 256;
    private static final int MOST_SPAN = 4096;
    private static final int MOST_SAMPLES = 16;
    /** Tasks that there should be at least, if need be by fewer samples in each. */
    private static final int WANTED_TASKS = 4;
    /** What a call of the micro-kernels costs besides its vectors, and what a lone vector costs. */
    private static final double CALL_COST = 1;

    private static final double LONE_COST = 1.5;
    /**
     * What a vector costs that was not copied, of which most lie across two lines: measured in loops of the micro-kernel.
     * Taps of one channel come from the same lines, which are in the first cache then; single ones are not.
     */
    private static final double LOOSE_COST = 1.13;

    private static final double LOOSE_POINTWISE_COST = 1.5;
    /** What a copied vector costs, which may be a part of one, before it meets the first rows. */
    private static final double COPY_COST = 1.75;

    /**
     * A plane of positions.
     *
     * @param pitch floats from a row in the image to the next
     * @param distance floats from a sample to the next
     */
    record Plane(int rows, int width, int pitch, int distance) {
        /** The same without anything between rows and samples. */
        Plane dense() {
            return new Plane(rows, width, width, rows * width);
        }

        int span(int samples, int rows) {
            return (samples - 1) * distance + (rows - 1) * pitch + width;
        }
    }

    /** One sample, uncut. */
    static ColumnCut whole(Plane plane) {
        return new ColumnCut(1, plane.rows, 1, MOST_PLANES, false);
    }

    /**
     * The cut that costs least.
     *
     * @param planes of results
     * @param taps of a sum
     * @param window taps of one channel
     */
    static ColumnCut of(Plane plane, int batch, int planes, int taps, int window) {
        int chunks = Math.ceilDiv(planes, taps <= K_BLOCK ? 2 * MOST_PLANES : MOST_PLANES);
        int chunk = Math.ceilDiv(Math.ceilDiv(planes, chunks), LeftBlock.ROWS) * LeftBlock.ROWS;
        ColumnCut loose = cut(plane, batch, chunk, chunks);
        ColumnCut dense = cut(plane.dense(), batch, chunk, chunks);
        int groups = LeftBlock.groups(Math.min(planes, chunk));
        double looseCost = groups * loose.cost(plane) * (window == 1 ? LOOSE_POINTWISE_COST : LOOSE_COST);
        double copies = COPY_COST * Math.ceilDiv(plane.width, VectorWidth.LANES) / plane.width;
        return looseCost <= groups * dense.cost(plane.dense()) + copies
                ? loose
                : new ColumnCut(dense.samples, dense.rows, dense.bands, dense.planes, true);
    }

    /** What a position costs, in vectors. */
    private double cost(Plane plane) {
        return cost(plane.span(samples, rows)) / ((double) samples * rows * plane.width);
    }

    private static ColumnCut cut(Plane plane, int batch, int chunk, int chunks) {
        int most = Math.clamp(MOST_RESULTS / chunk, LEAST_SPAN, MOST_SPAN);
        return plane.span(1, plane.rows) <= most
                ? bySamples(plane, Math.max(1, batch), chunk, most, chunks)
                : byBands(plane, chunk, most);
    }

    private static ColumnCut bySamples(Plane plane, int batch, int chunk, int most, int chunks) {
        int limit = Math.min(MOST_SAMPLES, Math.max(1, batch * chunks / WANTED_TASKS));
        int best = 1;
        double least = Double.MAX_VALUE;
        for (int samples = 1; samples <= limit && plane.span(samples, plane.rows) <= most; samples++) {
            int groups = batch / samples;
            int left = batch % samples;
            double cost = groups * cost(plane.span(samples, plane.rows))
                    + (left == 0 ? 0 : cost(plane.span(left, plane.rows)));
            if (cost <= least) {
                least = cost;
                best = samples;
            }
        }
        return new ColumnCut(best, plane.rows, 1, chunk, false);
    }

    private static ColumnCut byBands(Plane plane, int chunk, int most) {
        int least = Math.ceilDiv(plane.rows * plane.pitch, most);
        int best = plane.rows;
        double lowest = Double.MAX_VALUE;
        for (int bands = least; bands <= Math.min(plane.rows, 2 * least + 2); bands++) {
            int rows = Math.ceilDiv(plane.rows, bands);
            int rest = plane.rows % rows;
            int full = plane.rows / rows;
            double cost = full * cost(plane.span(1, rows)) + (rest == 0 ? 0 : cost(plane.span(1, rest)));
            if (cost < lowest) {
                lowest = cost;
                best = rows;
            }
        }
        return new ColumnCut(1, best, Math.ceilDiv(plane.rows, best), chunk, false);
    }

    /** What a product of so many rows and columns costs per element of its sums. */
    static double work(int rows, int columns) {
        return LeftBlock.groups(rows) * cost(columns);
    }

    /** What so many columns cost, in vectors. */
    private static double cost(int span) {
        int rest = span % RightPanels.COLUMNS;
        double end = rest == 0 ? 0 : Math.max(LONE_COST, RightPanels.vectors(rest));
        int panels = span / RightPanels.COLUMNS;
        return CALL_COST + panels * RightPanels.VECTORS + end;
    }
}
