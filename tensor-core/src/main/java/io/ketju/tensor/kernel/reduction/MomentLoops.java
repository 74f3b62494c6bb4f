package io.ketju.tensor.kernel.reduction;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.simd.LaneSum;
import io.ketju.tensor.simd.VectorDoubles;
import io.ketju.tensor.simd.VectorSum;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Sums of squares and products of one row of n floats at an address. */
final class MomentLoops {
    private MomentLoops() {}

    /** The sum of (x - mean)² */
    static float squares(long x, float mean, int n) {
        FloatVector m = FloatVector.broadcast(SPECIES, mean);
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = FloatVector.zero(SPECIES);
        FloatVector s2 = FloatVector.zero(SPECIES);
        FloatVector s3 = FloatVector.zero(SPECIES);
        int i = 0;
        for (; i + LaneSum.LANES <= n; i += LaneSum.LANES) {
            long at = x + i * 4L;
            s0 = square(load(at).sub(m), s0);
            if (VectorSum.REGISTERS > 1) {
                s1 = square(load(at + VECTOR).sub(m), s1);
            }
            if (VectorSum.REGISTERS > 2) {
                s2 = square(load(at + 2 * VECTOR).sub(m), s2);
                s3 = square(load(at + 3 * VECTOR).sub(m), s3);
            }
        }
        s0 = square(rest(x, m, i, n), s0);
        if (VectorSum.REGISTERS > 1) {
            s1 = square(rest(x, m, i + LANES, n), s1);
        }
        if (VectorSum.REGISTERS > 2) {
            s2 = square(rest(x, m, i + 2 * LANES, n), s2);
            s3 = square(rest(x, m, i + 3 * LANES, n), s3);
        }
        return VectorSum.fold(s0, s1, s2, s3);
    }

    /** The sum of x² in double: each register of floats feeds its own lanes, in two halves. */
    static double norm(long x, int n) {
        double[] lanes = new double[LaneSum.LANES];
        for (int register = 0; register < VectorSum.REGISTERS; register++) {
            norm(x + register * VECTOR, n - register * LANES, lanes, register * LANES);
        }
        return ReductionOperands.fold(lanes);
    }

    private static void norm(long x, int n, double[] lanes, int index) {
        DoubleVector low = DoubleVector.zero(VectorDoubles.DOUBLES);
        DoubleVector high = DoubleVector.zero(VectorDoubles.DOUBLES);
        int i = 0;
        for (; i + LANES <= n; i += LaneSum.LANES) {
            FloatVector v = load(x + i * 4L);
            DoubleVector a = VectorDoubles.low(v);
            DoubleVector b = VectorDoubles.high(v);
            low = a.fma(a, low);
            high = b.fma(b, high);
        }
        if (i < n) {
            FloatVector v = load(x + i * 4L, first(n - i));
            DoubleVector a = VectorDoubles.low(v);
            DoubleVector b = VectorDoubles.high(v);
            low = a.fma(a, low);
            high = b.fma(b, high);
        }
        low.intoArray(lanes, index);
        high.intoArray(lanes, index + LANES / 2);
    }

    /** The sum of x · y in double, by the lanes of {@link #norm(long, int)}; products of floats are exact. */
    static double dot(long x, long y, int n) {
        double[] lanes = new double[LaneSum.LANES];
        for (int register = 0; register < VectorSum.REGISTERS; register++) {
            long skip = (long) register * VECTOR;
            dot(x + skip, y + skip, n - register * LANES, lanes, register * LANES);
        }
        return ReductionOperands.fold(lanes);
    }

    private static void dot(long x, long y, int n, double[] lanes, int index) {
        DoubleVector low = DoubleVector.zero(VectorDoubles.DOUBLES);
        DoubleVector high = DoubleVector.zero(VectorDoubles.DOUBLES);
        int i = 0;
        for (; i + LANES <= n; i += LaneSum.LANES) {
            FloatVector v = load(x + i * 4L);
            FloatVector w = load(y + i * 4L);
            low = VectorDoubles.low(v).fma(VectorDoubles.low(w), low);
            high = VectorDoubles.high(v).fma(VectorDoubles.high(w), high);
        }
        if (i < n) {
            FloatVector v = load(x + i * 4L, first(n - i));
            FloatVector w = load(y + i * 4L, first(n - i));
            low = VectorDoubles.low(v).fma(VectorDoubles.low(w), low);
            high = VectorDoubles.high(v).fma(VectorDoubles.high(w), high);
        }
        low.intoArray(lanes, index);
        high.intoArray(lanes, index + LANES / 2);
    }

    /** The sum of |x| in double, by the lanes of {@link #norm(long, int)}. */
    static double magnitudes(long x, int n) {
        double[] lanes = new double[LaneSum.LANES];
        for (int register = 0; register < VectorSum.REGISTERS; register++) {
            magnitudes(x + register * VECTOR, n - register * LANES, lanes, register * LANES);
        }
        return ReductionOperands.fold(lanes);
    }

    private static void magnitudes(long x, int n, double[] lanes, int index) {
        DoubleVector low = DoubleVector.zero(VectorDoubles.DOUBLES);
        DoubleVector high = DoubleVector.zero(VectorDoubles.DOUBLES);
        int i = 0;
        for (; i + LANES <= n; i += LaneSum.LANES) {
            FloatVector v = load(x + i * 4L).abs();
            low = low.add(VectorDoubles.low(v));
            high = high.add(VectorDoubles.high(v));
        }
        if (i < n) {
            FloatVector v = load(x + i * 4L, first(n - i)).abs();
            low = low.add(VectorDoubles.low(v));
            high = high.add(VectorDoubles.high(v));
        }
        low.intoArray(lanes, index);
        high.intoArray(lanes, index + LANES / 2);
    }

    private static FloatVector rest(long x, FloatVector mean, int i, int n) {
        VectorMask<Float> mask = first(n - i);
        return FloatVector.zero(SPECIES).blend(load(x + i * 4L, mask).sub(mean), mask);
    }

    private static FloatVector square(FloatVector v, FloatVector sum) {
        return v.fma(v, sum);
    }
}
