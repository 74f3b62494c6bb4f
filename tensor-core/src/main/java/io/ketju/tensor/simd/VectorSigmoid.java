package io.ketju.tensor.simd;

import static io.ketju.tensor.simd.VectorMath.floats;
import static io.ketju.tensor.simd.VectorMath.ints;
import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * {@link FloatMath#sigmoid} on vectors. Where the sum of 1 and a power of two is exact, which is so for usual arguments,
 * some of its operations change nothing: vectors of such numbers go without.
 */
public final class VectorSigmoid {
    /** The powers of two are at most 2^23 and at least 2^-23 below. */
    private static final FloatVector NEAR = floats(16);

    private static final FloatVector LIMIT = floats(FloatMath.SIGMOID_LIMIT);
    private static final FloatVector MINUS_LIMIT = floats(-FloatMath.SIGMOID_LIMIT);
    private static final FloatVector LOG2_E = floats(FloatMath.LOG2_E);
    private static final FloatVector ROUND = floats(FloatMath.ROUND);
    private static final FloatVector MINUS_LN2_HIGH = floats(-FloatMath.LN2_HIGH);
    private static final FloatVector MINUS_LN2_LOW = floats(-FloatMath.LN2_LOW);
    private static final FloatVector MINUS_E6 = floats(-FloatMath.E6);
    private static final FloatVector E5 = floats(FloatMath.E5);
    private static final FloatVector MINUS_E4 = floats(-FloatMath.E4);
    private static final FloatVector E3 = floats(FloatMath.E3);
    private static final FloatVector MINUS_E2 = floats(-FloatMath.E2);
    private static final FloatVector ONE = floats(1);
    private static final FloatVector MINUS_ONE = floats(-1);
    private static final IntVector ONE_BITS = ints(FloatMath.ONE_BITS);
    private static final IntVector MINUS_ONE_BITS = ints(FloatMath.ONE_BITS | FloatMath.SIGN_BIT);

    private VectorSigmoid() {}

    /**
     * {@code y = sigmoid(x)} for memory of whole vectors.
     *
     * @param x address of the input
     * @param y address of the output, may be x
     * @param bytes of each, a multiple of {@link VectorMemory#VECTOR}
     */
    public static void run(long x, long y, long bytes) {
        long at = 0;
        while (at < bytes) {
            at = near(x, y, at, bytes);
            at = far(x, y, at, bytes);
        }
    }

    /** Works up to the first vector with a number that is not near, and returns where that is. */
    private static long near(long x, long y, long from, long end) {
        for (long i = from; i < end; i += VECTOR) {
            FloatVector v = load(x + i);
            if (!v.abs().compare(LT, NEAR).allTrue()) {
                return i;
            }
            store(near(v), y + i);
        }
        return end;
    }

    /** Works up to the first vector of near numbers only, and returns where that is. */
    private static long far(long x, long y, long from, long end) {
        for (long i = from; i < end; i += VECTOR) {
            FloatVector v = load(x + i);
            if (v.abs().compare(LT, NEAR).allTrue()) {
                return i;
            }
            store(sigmoid(v), y + i);
        }
        return end;
    }

    private static FloatVector near(FloatVector x) {
        FloatVector rounded = x.fma(LOG2_E, ROUND);
        FloatVector n = rounded.sub(ROUND);
        FloatVector r = n.fma(MINUS_LN2_LOW, n.fma(MINUS_LN2_HIGH, x));
        FloatVector p = r.fma(MINUS_E6, E5).fma(r, MINUS_E4).fma(r, E3).fma(r, MINUS_E2);
        FloatVector u = r.mul(r).mul(p);
        FloatVector minusScale = MINUS_ONE_BITS
                .sub(rounded.reinterpretAsInts().lanewise(LSHL, FloatMath.MANTISSA_BITS))
                .reinterpretAsFloats();
        FloatVector one = ONE.sub(minusScale);
        FloatVector sum = minusScale.fma(r.add(u), one);
        return inverse(sum, minusScale.fma(u, minusScale.fma(r, one.sub(sum))));
    }

    static FloatVector sigmoid(FloatVector x) {
        if (x.compare(LT, MINUS_LIMIT).anyTrue()) {
            return oneByOne(x);
        }
        FloatVector clamped = x.blend(LIMIT, x.compare(GT, LIMIT));
        FloatVector rounded = clamped.fma(LOG2_E, ROUND);
        FloatVector n = rounded.sub(ROUND);
        FloatVector r = n.fma(MINUS_LN2_LOW, n.fma(MINUS_LN2_HIGH, clamped));
        FloatVector p = r.fma(MINUS_E6, E5).fma(r, MINUS_E4).fma(r, E3).fma(r, MINUS_E2);
        FloatVector u = r.mul(r).mul(p);
        IntVector bits = ONE_BITS.sub(rounded.reinterpretAsInts().lanewise(LSHL, FloatMath.MANTISSA_BITS));
        FloatVector scale = bits.reinterpretAsFloats();
        FloatVector one = scale.add(ONE);
        FloatVector lost = bits.min(ONE_BITS)
                .reinterpretAsFloats()
                .sub(one.sub(bits.max(ONE_BITS).reinterpretAsFloats()));
        FloatVector minusScale = scale.neg();
        FloatVector sum = minusScale.fma(r.add(u), one);
        return inverse(sum, minusScale.fma(u, minusScale.fma(r, one.sub(sum))).add(lost));
    }

    /** 1 / (sum + rest) */
    private static FloatVector inverse(FloatVector sum, FloatVector rest) {
        FloatVector minus = MINUS_ONE.div(sum);
        FloatVector error = minus.fma(rest, minus.fma(sum, ONE));
        return minus.fma(error, minus).neg();
    }

    private static FloatVector oneByOne(FloatVector x) {
        float[] lanes = new float[LANES];
        x.intoArray(lanes, 0);
        for (int lane = 0; lane < LANES; lane++) {
            lanes[lane] = FloatMath.sigmoid(lanes[lane]);
        }
        return FloatVector.fromArray(SPECIES, lanes, 0);
    }
}
