package io.ketju.tensor.kernel.convolution;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import jdk.incubator.vector.FloatVector;

/** Sums over the taps of rows of positions, a lane per plane; some positions at once, so that both multipliers are busy. */
final class DepthwiseRow {
    /** Positions that are computed together: the last ones run over behind the row. */
    static final int POSITIONS = 8;

    private final int blocks;
    private final long step;
    private final long stride;
    private final long[] taps;

    /**
     * Sums of a grid.
     *
     * @param step vectors from a position's taps to the next one's
     * @param stride vectors from a position's result to the next one's
     */
    DepthwiseRow(TapGrid grid, int step, int stride) {
        blocks = Math.ceilDiv(grid.width, POSITIONS);
        this.step = step * VECTOR;
        this.stride = stride * VECTOR;
        taps = new long[grid.taps.length];
        for (int k = 0; k < taps.length; k++) {
            taps[k] = grid.taps[k] * VECTOR;
        }
    }

    /**
     * One row.
     *
     * @param weights of each tap, and what is added to the sums behind them
     */
    void run(long image, long weights, long to) {
        for (int i = 0; i < blocks; i++) {
            long first = (long) i * POSITIONS;
            positions(image + first * step, weights, to + first * stride);
        }
    }

    private void positions(long image, long weights, long to) {
        long[] taps = this.taps;
        long step = this.step;
        FloatVector c0 = FloatVector.zero(SPECIES);
        FloatVector c1 = c0;
        FloatVector c2 = c0;
        FloatVector c3 = c0;
        FloatVector c4 = c0;
        FloatVector c5 = c0;
        FloatVector c6 = c0;
        FloatVector c7 = c0;
        for (int k = 0; k < taps.length; k++) {
            long at = image + taps[k];
            FloatVector weight = load(weights, k * VECTOR);
            c0 = weight.fma(load(at), c0);
            c1 = weight.fma(load(at, step), c1);
            c2 = weight.fma(load(at, 2 * step), c2);
            c3 = weight.fma(load(at, 3 * step), c3);
            c4 = weight.fma(load(at, 4 * step), c4);
            c5 = weight.fma(load(at, 5 * step), c5);
            c6 = weight.fma(load(at, 6 * step), c6);
            c7 = weight.fma(load(at, 7 * step), c7);
        }
        FloatVector add = load(weights, taps.length * VECTOR);
        store(c0.add(add), to);
        store(c1.add(add), to, stride);
        store(c2.add(add), to, 2 * stride);
        store(c3.add(add), to, 3 * stride);
        store(c4.add(add), to, 4 * stride);
        store(c5.add(add), to, 5 * stride);
        store(c6.add(add), to, 6 * stride);
        store(c7.add(add), to, 7 * stride);
    }
}
