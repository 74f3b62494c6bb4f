package io.ketju.tensor.simd;

import static io.ketju.tensor.simd.VectorMemory.MEMORY;
import static io.ketju.tensor.simd.VectorMemory.ORDER;
import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link FloatPower} on vectors, for one exponent: the same operations in the same order on every lane. In steps with
 * memory between them, because the compiler gives up on a loop over all of it.
 */
public final class VectorPower {
    /** Elements of one call at most. */
    public static final int BLOCK = 512;

    /** Memory of one call between its steps. */
    public static final long BUFFER_BYTES = BLOCK * (Double.BYTES + Float.BYTES);

    private static final VectorSpecies<Double> DOUBLES = VectorSpecies.of(double.class, SPECIES.vectorShape());
    private static final VectorSpecies<Float> HALF =
            VectorSpecies.of(float.class, VectorShape.forBitSize(SPECIES.vectorBitSize() / 2));

    private static final FloatVector ZERO = VectorMath.floats(0);
    private static final FloatVector INFINITY = VectorMath.floats(Float.POSITIVE_INFINITY);

    private static final FloatVector NAN = VectorMath.floats(Float.NaN);
    private static final DoubleVector L4 = doubles(FloatPower.L4);
    private static final DoubleVector L3 = doubles(FloatPower.L3);
    private static final DoubleVector L2 = doubles(FloatPower.L2);
    private static final DoubleVector L1 = doubles(FloatPower.L1);
    private static final DoubleVector L0 = doubles(FloatPower.L0);
    private static final DoubleVector E7 = doubles(FloatPower.E7);
    private static final DoubleVector E6 = doubles(FloatPower.E6);
    private static final DoubleVector E5 = doubles(FloatPower.E5);
    private static final DoubleVector E4 = doubles(FloatPower.E4);
    private static final DoubleVector E3 = doubles(FloatPower.E3);
    private static final DoubleVector E2 = doubles(FloatPower.E2);
    private static final DoubleVector E1 = doubles(FloatPower.E1);
    private static final DoubleVector E0 = doubles(FloatPower.E0);
    private static final DoubleVector ROUND_BIASED = doubles(FloatPower.ROUND_BIASED);
    private static final DoubleVector ONE = doubles(1);
    private static final LongVector SQRT_HALF_BITS = longs(FloatPower.SQRT_HALF_BITS);
    private static final LongVector EXPONENT_MASK = longs(FloatPower.EXPONENT_MASK);
    private static final LongVector BIAS_BITS = longs(FloatPower.BIAS_BITS);
    private static final LongVector ROUND_BITS = longs(FloatPower.ROUND_BITS);
    private static final DoubleVector LEAST = doubles(-FloatPower.EXPONENT_LIMIT);
    private static final DoubleVector GREATEST = doubles(FloatPower.EXPONENT_LIMIT);

    private VectorPower() {}

    /**
     * {@code y = x^exponent} for memory of whole vectors, with the bits of {@link FloatMath#pow}.
     *
     * @param exponent one for all
     * @param x address of the input
     * @param y address of the output, may be x
     * @param bytes of each, a multiple of {@link VectorMemory#VECTOR} and no more than {@link #BLOCK} elements
     * @param buffer address of {@link #BUFFER_BYTES} bytes to overwrite
     */
    public static void run(float exponent, long x, long y, long bytes, long buffer) {
        if (exponent == 0) {
            fill(1, y, bytes);
        } else {
            long magnitudes = buffer + BLOCK * Double.BYTES;
            logarithms(x, buffer, bytes);
            exponentials(exponent, buffer, magnitudes, bytes);
            ends(exponent, x, magnitudes, bytes);
            signs(exponent, x, magnitudes, y, bytes);
        }
    }

    private static void fill(float value, long y, long bytes) {
        FloatVector v = FloatVector.broadcast(SPECIES, value);
        for (long i = 0; i < bytes; i += VECTOR) {
            store(v, y + i);
        }
    }

    private static void logarithms(long x, long y, long bytes) {
        for (long i = 0; i < bytes; i += VECTOR / 2) {
            FloatVector a =
                    FloatVector.fromMemorySegment(HALF, MEMORY, x + i, ORDER).abs();
            DoubleVector log = log2((DoubleVector) a.convertShape(VectorOperators.F2D, DOUBLES, 0));
            log.intoMemorySegment(MEMORY, y + 2 * i, ORDER);
        }
    }

    private static void exponentials(float exponent, long x, long y, long bytes) {
        DoubleVector factor = doubles(exponent);
        for (long i = 0; i < bytes; i += VECTOR / 2) {
            DoubleVector power = exp2(DoubleVector.fromMemorySegment(DOUBLES, MEMORY, x + 2 * i, ORDER)
                    .mul(factor));
            FloatVector rounded = (FloatVector) power.convertShape(VectorOperators.D2F, HALF, 0);
            rounded.intoMemorySegment(MEMORY, y + i, ORDER);
        }
    }

    private static DoubleVector log2(DoubleVector a) {
        LongVector bits = a.reinterpretAsLongs();
        LongVector shifted = bits.sub(SQRT_HALF_BITS);
        DoubleVector m = bits.sub(shifted.and(EXPONENT_MASK)).reinterpretAsDoubles();
        DoubleVector e = shifted.add(BIAS_BITS)
                .lanewise(VectorOperators.LSHR, FloatPower.MANTISSA_BITS)
                .add(ROUND_BITS)
                .reinterpretAsDoubles()
                .sub(ROUND_BIASED);
        DoubleVector s = m.sub(ONE).div(m.add(ONE));
        DoubleVector z = s.mul(s);
        DoubleVector p = z.fma(L4, L3);
        p = p.fma(z, L2);
        p = p.fma(z, L1);
        p = p.fma(z, L0);
        return p.fma(s, e);
    }

    private static DoubleVector exp2(DoubleVector exponent) {
        DoubleVector w = exponent.blend(LEAST, exponent.compare(VectorOperators.LT, LEAST));
        w = w.blend(GREATEST, exponent.compare(VectorOperators.GT, GREATEST));
        DoubleVector rounded = w.add(ROUND_BIASED);
        DoubleVector f = w.sub(rounded.sub(ROUND_BIASED));
        DoubleVector q = f.fma(E7, E6);
        q = q.fma(f, E5);
        q = q.fma(f, E4);
        q = q.fma(f, E3);
        q = q.fma(f, E2);
        q = q.fma(f, E1);
        q = q.fma(f, E0);
        return q.mul(rounded.reinterpretAsLongs()
                .lanewise(VectorOperators.LSHL, FloatPower.MANTISSA_BITS)
                .reinterpretAsDoubles());
    }

    /** Magnitudes of powers of 0, 1 and infinity, and NaN of negative numbers if the exponent is no integer. */
    private static void ends(float exponent, long x, long y, long bytes) {
        boolean integer = Math.rint(exponent) == exponent;
        FloatVector ofZero = VectorMath.floats(exponent > 0 ? 0 : Float.POSITIVE_INFINITY);
        FloatVector ofInfinity = VectorMath.floats(exponent > 0 ? Float.POSITIVE_INFINITY : 0);
        FloatVector ofNegative = integer ? ZERO : NAN;
        if (Float.isNaN(exponent)) {
            fill(Float.NaN, y, bytes);
            return;
        }
        for (long i = 0; i < bytes; i += VECTOR) {
            FloatVector v = load(x + i);
            FloatVector a = v.abs();
            FloatVector magnitude = load(y + i);
            if (!integer) {
                magnitude = magnitude.blend(ofNegative, v.compare(VectorOperators.LT, ZERO));
            }
            store(
                    magnitude
                            .blend(ofZero, a.compare(VectorOperators.EQ, ZERO))
                            .blend(ofInfinity, a.compare(VectorOperators.EQ, INFINITY)),
                    y + i);
        }
    }

    private static void signs(float exponent, long x, long magnitudes, long y, long bytes) {
        boolean odd = Math.abs(Math.IEEEremainder(exponent, 2)) == 1;
        FloatVector one = VectorMath.floats(1);
        // Minus one to an infinite power is one.
        FloatVector infinite = Float.isInfinite(exponent) ? VectorMath.floats(-1) : one;
        for (long i = 0; i < bytes; i += VECTOR) {
            FloatVector v = load(x + i);
            FloatVector power = load(magnitudes + i);
            if (odd) {
                power = VectorMath.withSign(power, v);
            }
            store(
                    power.blend(v, v.compare(VectorOperators.NE, v))
                            .blend(one, v.compare(VectorOperators.EQ, one))
                            .blend(one, v.compare(VectorOperators.EQ, infinite)),
                    y + i);
        }
    }

    private static DoubleVector doubles(double value) {
        return DoubleVector.broadcast(DOUBLES, value);
    }

    private static LongVector longs(long value) {
        return LongVector.broadcast(DOUBLES.withLanes(long.class), value);
    }
}
