package io.ketju.tensor.kernel.normalization;

import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.simd.LaneSum;
import io.ketju.tensor.simd.VectorSum;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Mean and variance of four runs at once. A register of 512 bits holds all lanes of a sum, and so one run alone waits
 * for each addition to end before the next; narrower registers have two or four sums under way anyway.
 */
final class VectorQuads {
    static final int RUNS = 4;
    static final boolean USEFUL = LANES == LaneSum.LANES;

    private static final long BYTES = Float.BYTES;

    private final float[] sums = new float[RUNS * LaneSum.LANES];
    private final float[] products = new float[RUNS * LaneSum.LANES];
    private final float[] pivots = new float[RUNS];

    /** Mean and squared deviations of four runs, a stride of bytes apart, to the results from an index on. */
    void moments(long x, long stride, int count, Moments[] into, int index) {
        for (int run = 0; run < RUNS; run++) {
            into[index + run].clear();
        }
        for (int start = 0; start < count; start += Sizes.BLOCK) {
            long block = x + start * BYTES;
            int n = Math.min(Sizes.BLOCK, count - start);
            sum(block, stride, n, sums);
            for (int run = 0; run < RUNS; run++) {
                pivots[run] = fold(sums, run) / n;
            }
            deviations(block, stride, n, pivots, sums, products);
            for (int run = 0; run < RUNS; run++) {
                into[index + run].add(n, pivots[run], fold(sums, run), fold(products, run));
            }
        }
    }

    private static float fold(float[] lanes, int run) {
        FloatVector sum = FloatVector.fromArray(SPECIES, lanes, run * LANES);
        return VectorSum.fold(sum, sum, sum, sum);
    }

    private static void sum(long x, long stride, int n, float[] sums) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int end = Lanes.groups(n);
        for (int i = 0; i < end; i += LANES) {
            long at = x + i * BYTES;
            s0 = s0.add(load(at));
            s1 = s1.add(load(at + stride));
            s2 = s2.add(load(at + 2 * stride));
            s3 = s3.add(load(at + 3 * stride));
        }
        put(s0, s1, s2, s3, sums);
        if (end < n) {
            VectorMask<Float> mask = first(n - end);
            for (int run = 0; run < RUNS; run++) {
                Lanes.add(load(x + run * stride + end * BYTES, mask), mask, sums, run * LANES);
            }
        }
    }

    private static void deviations(long x, long stride, int n, float[] pivots, float[] sums, float[] products) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector s0 = zero;
        FloatVector s1 = zero;
        FloatVector s2 = zero;
        FloatVector s3 = zero;
        FloatVector q0 = zero;
        FloatVector q1 = zero;
        FloatVector q2 = zero;
        FloatVector q3 = zero;
        FloatVector pivot0 = FloatVector.broadcast(SPECIES, pivots[0]);
        FloatVector pivot1 = FloatVector.broadcast(SPECIES, pivots[1]);
        FloatVector pivot2 = FloatVector.broadcast(SPECIES, pivots[2]);
        FloatVector pivot3 = FloatVector.broadcast(SPECIES, pivots[3]);
        int end = Lanes.groups(n);
        for (int i = 0; i < end; i += LANES) {
            long at = x + i * BYTES;
            FloatVector d0 = load(at).sub(pivot0);
            FloatVector d1 = load(at + stride).sub(pivot1);
            FloatVector d2 = load(at + 2 * stride).sub(pivot2);
            FloatVector d3 = load(at + 3 * stride).sub(pivot3);
            s0 = s0.add(d0);
            q0 = d0.fma(d0, q0);
            s1 = s1.add(d1);
            q1 = d1.fma(d1, q1);
            s2 = s2.add(d2);
            q2 = d2.fma(d2, q2);
            s3 = s3.add(d3);
            q3 = d3.fma(d3, q3);
        }
        put(s0, s1, s2, s3, sums);
        put(q0, q1, q2, q3, products);
        if (end < n) {
            endOfDeviations(x + end * BYTES, stride, first(n - end), pivots, sums, products);
        }
    }

    private static void endOfDeviations(
            long x, long stride, VectorMask<Float> mask, float[] pivots, float[] sums, float[] products) {
        for (int run = 0; run < RUNS; run++) {
            FloatVector d = load(x + run * stride, mask).sub(pivots[run]);
            Lanes.add(d, mask, sums, run * LANES);
            Lanes.addProduct(d, d, mask, products, run * LANES);
        }
    }

    private static void put(FloatVector s0, FloatVector s1, FloatVector s2, FloatVector s3, float[] lanes) {
        s0.intoArray(lanes, 0);
        s1.intoArray(lanes, LANES);
        s2.intoArray(lanes, 2 * LANES);
        s3.intoArray(lanes, 3 * LANES);
    }
}
