package io.ketju.tensor.simd;

import static io.ketju.tensor.simd.VectorMath.floats;
import static io.ketju.tensor.simd.VectorMath.ints;
import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.loadInts;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.GE;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/**
 * exp and log of whole vectors in memory, with the bits of {@link FloatMath}. Vectors whose numbers are all far from
 * those that need care go without the operations that would change nothing for them.
 */
public final class VectorExpLog {
    /** Up to here, in magnitude, the powers of two of exp are normal floats, and so are its results. */
    private static final FloatVector EXP_NEAR = floats(87);

    private static final FloatVector LOG2_E = floats(FloatMath.LOG2_E);
    private static final FloatVector ROUND = floats(FloatMath.ROUND);
    private static final FloatVector MINUS_LN2_HIGH = floats(-FloatMath.LN2_HIGH);
    private static final FloatVector MINUS_LN2_LOW = floats(-FloatMath.LN2_LOW);
    private static final FloatVector E6 = floats(FloatMath.E6);
    private static final FloatVector E5 = floats(FloatMath.E5);
    private static final FloatVector E4 = floats(FloatMath.E4);
    private static final FloatVector E3 = floats(FloatMath.E3);
    private static final FloatVector E2 = floats(FloatMath.E2);
    private static final FloatVector ONE = floats(1);

    private static final IntVector MIN_NORMAL_BITS = ints(1 << FloatMath.MANTISSA_BITS);
    /** {@link #MIN_NORMAL_BITS} more than those of the least normal number; infinity has then the sign bit. */
    private static final IntVector TWICE_MIN_NORMAL_BITS = ints(2 << FloatMath.MANTISSA_BITS);

    private static final IntVector SQRT_HALF_BITS = ints(FloatMath.SQRT_HALF_BITS);
    private static final IntVector MANTISSA_MASK = ints(FloatMath.MANTISSA_MASK);

    private VectorExpLog() {}

    /**
     * {@code y = e^x} for memory of whole vectors.
     *
     * @param x address of the input
     * @param y address of the output, may be x
     * @param bytes of each, a multiple of {@link VectorMemory#VECTOR}
     */
    public static void exp(long x, long y, long bytes) {
        long at = 0;
        while (at < bytes) {
            at = nearExp(x, y, at, bytes);
            at = farExp(x, y, at, bytes);
        }
    }

    /**
     * {@code y = log(x)} for memory of whole vectors.
     *
     * @param x address of the input
     * @param y address of the output, may be x
     * @param bytes of each, a multiple of {@link VectorMemory#VECTOR}
     */
    public static void log(long x, long y, long bytes) {
        long at = 0;
        while (at < bytes) {
            at = nearLog(x, y, at, bytes);
            at = farLog(x, y, at, bytes);
        }
    }

    /** Works up to the first vector with a number that is not near, and returns where that is. */
    private static long nearExp(long x, long y, long from, long end) {
        for (long i = from; i < end; i += VECTOR) {
            FloatVector v = load(x + i);
            if (!v.abs().compare(LT, EXP_NEAR).allTrue()) {
                return i;
            }
            store(nearExp(v), y + i);
        }
        return end;
    }

    /** Works up to the first vector of near numbers only, and returns where that is. */
    private static long farExp(long x, long y, long from, long end) {
        for (long i = from; i < end; i += VECTOR) {
            FloatVector v = load(x + i);
            if (v.abs().compare(LT, EXP_NEAR).allTrue()) {
                return i;
            }
            store(VectorMath.exp(v), y + i);
        }
        return end;
    }

    private static FloatVector nearExp(FloatVector x) {
        FloatVector rounded = x.fma(LOG2_E, ROUND);
        FloatVector n = rounded.sub(ROUND);
        FloatVector r = n.fma(MINUS_LN2_LOW, n.fma(MINUS_LN2_HIGH, x));
        FloatVector p =
                r.fma(E6, E5).fma(r, E4).fma(r, E3).fma(r, E2).fma(r, ONE).fma(r, ONE);
        IntVector exponent = rounded.reinterpretAsInts().lanewise(LSHL, FloatMath.MANTISSA_BITS);
        return p.reinterpretAsInts().add(exponent).reinterpretAsFloats();
    }

    private static long nearLog(long x, long y, long from, long end) {
        for (long i = from; i < end; i += VECTOR) {
            IntVector bits = loadInts(x + i);
            if (!bits.add(MIN_NORMAL_BITS).compare(GE, TWICE_MIN_NORMAL_BITS).allTrue()) {
                return i;
            }
            store(nearLog(bits.sub(SQRT_HALF_BITS)), y + i);
        }
        return end;
    }

    private static long farLog(long x, long y, long from, long end) {
        for (long i = from; i < end; i += VECTOR) {
            if (loadInts(x + i)
                    .add(MIN_NORMAL_BITS)
                    .compare(GE, TWICE_MIN_NORMAL_BITS)
                    .allTrue()) {
                return i;
            }
            store(VectorMath.log(load(x + i)), y + i);
        }
        return end;
    }

    private static FloatVector nearLog(IntVector bits) {
        FloatVector e =
                (FloatVector) bits.lanewise(ASHR, FloatMath.MANTISSA_BITS).convertShape(I2F, SPECIES, 0);
        FloatVector r = bits.and(MANTISSA_MASK)
                .add(SQRT_HALF_BITS)
                .reinterpretAsFloats()
                .sub(ONE);
        return VectorMath.reducedLog(r, e);
    }
}
