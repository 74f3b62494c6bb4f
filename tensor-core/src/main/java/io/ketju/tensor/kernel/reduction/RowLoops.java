package io.ketju.tensor.kernel.reduction;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.simd.LaneSum;
import io.ketju.tensor.simd.VectorSum;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Reductions of one row of n floats at an address. */
final class RowLoops {
    private RowLoops() {}

    /** A row; sums are those of a block. */
    static float reduce(Reduction reduction, long x, int n) {
        return switch (reduction) {
            case SUM, MEAN -> sum(x, n);
            case MAX -> max(x, n);
            case MIN -> min(x, n);
        };
    }

    /** The sum of a row of several blocks. */
    static double sumOfBlocks(long x, int n) {
        double total = 0;
        for (int start = 0; start < n; start += LaneSum.BLOCK) {
            total += sum(x + start * 4L, Math.min(LaneSum.BLOCK, n - start));
        }
        return total;
    }

    private static float sum(long x, int n) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = FloatVector.zero(SPECIES);
        FloatVector s2 = FloatVector.zero(SPECIES);
        FloatVector s3 = FloatVector.zero(SPECIES);
        int i = 0;
        for (; i + LaneSum.LANES <= n; i += LaneSum.LANES) {
            long at = x + i * 4L;
            s0 = s0.add(load(at));
            if (VectorSum.REGISTERS > 1) {
                s1 = s1.add(load(at + VECTOR));
            }
            if (VectorSum.REGISTERS > 2) {
                s2 = s2.add(load(at + 2 * VECTOR));
                s3 = s3.add(load(at + 3 * VECTOR));
            }
        }
        // Zeros beyond the end do no harm: a lane that starts from +0 is never -0.
        s0 = s0.add(rest(x, i, n));
        if (VectorSum.REGISTERS > 1) {
            s1 = s1.add(rest(x, i + LANES, n));
        }
        if (VectorSum.REGISTERS > 2) {
            s2 = s2.add(rest(x, i + 2 * LANES, n));
            s3 = s3.add(rest(x, i + 3 * LANES, n));
        }
        return VectorSum.fold(s0, s1, s2, s3);
    }

    static FloatVector rest(long x, int i, int n) {
        return load(x + i * 4L, first(n - i));
    }

    private static float max(long x, int n) {
        FloatVector start = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        FloatVector m0 = start;
        FloatVector m1 = start;
        int i = 0;
        for (; i + 2 * LANES <= n; i += 2 * LANES) {
            m0 = m0.max(load(x + i * 4L));
            m1 = m1.max(load(x + i * 4L + VECTOR));
        }
        m0 = m0.max(m1);
        m0 = m0.max(start.blend(rest(x, i, n), first(n - i)));
        m0 = m0.max(start.blend(rest(x, i + LANES, n), first(n - i - LANES)));
        return m0.reduceLanes(VectorOperators.MAX);
    }

    private static float min(long x, int n) {
        FloatVector start = FloatVector.broadcast(SPECIES, Float.POSITIVE_INFINITY);
        FloatVector m0 = start;
        FloatVector m1 = start;
        int i = 0;
        for (; i + 2 * LANES <= n; i += 2 * LANES) {
            m0 = m0.min(load(x + i * 4L));
            m1 = m1.min(load(x + i * 4L + VECTOR));
        }
        m0 = m0.min(m1);
        m0 = m0.min(start.blend(rest(x, i, n), first(n - i)));
        m0 = m0.min(start.blend(rest(x, i + LANES, n), first(n - i - LANES)));
        return m0.reduceLanes(VectorOperators.MIN);
    }
}
