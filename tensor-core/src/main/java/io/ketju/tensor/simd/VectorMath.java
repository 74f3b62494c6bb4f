package io.ketju.tensor.simd;

import static io.ketju.tensor.simd.VectorWidth.INT_SPECIES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/**
 * {@link FloatMath} on vectors: the same operations in the same order on every lane.
 *
 * <p>Constants are whole vectors, and few methods call another: the compiler gives up on a loop that grows too large
 * while it inlines, and a number that is spread over a vector costs it as much as the operation that takes it.
 */
public final class VectorMath {
    private static final FloatVector ZERO = FloatVector.zero(SPECIES);
    private static final FloatVector ONE = floats(1);
    private static final FloatVector MINUS_ONE = floats(-1);
    private static final FloatVector TWO = floats(2);
    private static final FloatVector HALF = floats(0.5f);
    private static final FloatVector MINUS_HALF = floats(-0.5f);
    private static final FloatVector QUARTER = floats(0.25f);
    private static final FloatVector NAN = floats(Float.NaN);
    private static final FloatVector INFINITY = floats(Float.POSITIVE_INFINITY);
    private static final FloatVector MINUS_INFINITY = floats(Float.NEGATIVE_INFINITY);
    private static final FloatVector MIN_NORMAL = floats(Float.MIN_NORMAL);
    private static final FloatVector TINY = floats(FloatMath.TINY);
    private static final IntVector SIGN_BIT = ints(FloatMath.SIGN_BIT);

    private static final FloatVector ROUND = floats(FloatMath.ROUND);
    private static final FloatVector ROUND_BIASED = floats(FloatMath.ROUND_BIASED);
    private static final IntVector ROUND_BITS = ints(FloatMath.ROUND_BITS);
    private static final IntVector BIAS = ints(FloatMath.EXPONENT_BIAS);
    private static final FloatVector LOG2_E = floats(FloatMath.LOG2_E);
    private static final FloatVector MINUS_LN2_HIGH = floats(-FloatMath.LN2_HIGH);
    private static final FloatVector MINUS_LN2_LOW = floats(-FloatMath.LN2_LOW);
    private static final FloatVector EXP_MIN = floats(FloatMath.EXP_MIN);
    private static final FloatVector EXP_MAX = floats(FloatMath.EXP_MAX);
    private static final FloatVector EXP_NORMAL_MIN = floats(FloatMath.EXP_NORMAL_MIN);
    private static final FloatVector EXPM1_MIN = floats(FloatMath.EXPM1_MIN);
    private static final FloatVector E6 = floats(FloatMath.E6);
    private static final FloatVector E5 = floats(FloatMath.E5);
    private static final FloatVector E4 = floats(FloatMath.E4);
    private static final FloatVector E3 = floats(FloatMath.E3);
    private static final FloatVector E2 = floats(FloatMath.E2);

    private static final IntVector SQRT_HALF_BITS = ints(FloatMath.SQRT_HALF_BITS);
    private static final IntVector MANTISSA_MASK = ints(FloatMath.MANTISSA_MASK);
    private static final IntVector EXPONENT_MASK = ints(~FloatMath.MANTISSA_MASK);
    private static final IntVector FOUR_BITS = ints(FloatMath.FOUR_BITS);
    private static final FloatVector SUBNORMAL_SCALE = floats(FloatMath.SUBNORMAL_SCALE);
    private static final FloatVector SUBNORMAL_EXPONENT = floats(FloatMath.SUBNORMAL_EXPONENT);
    private static final FloatVector LN2_HIGH = floats(FloatMath.LN2_HIGH);
    private static final FloatVector LN2_LOW = floats(FloatMath.LN2_LOW);
    private static final FloatVector L11 = floats(FloatMath.L11);
    private static final FloatVector L10 = floats(FloatMath.L10);
    private static final FloatVector L9 = floats(FloatMath.L9);
    private static final FloatVector L8 = floats(FloatMath.L8);
    private static final FloatVector L7 = floats(FloatMath.L7);
    private static final FloatVector L6 = floats(FloatMath.L6);
    private static final FloatVector L5 = floats(FloatMath.L5);
    private static final FloatVector L4 = floats(FloatMath.L4);
    private static final FloatVector L3 = floats(FloatMath.L3);

    private static final FloatVector T15 = floats(FloatMath.T15);
    private static final FloatVector T13 = floats(FloatMath.T13);
    private static final FloatVector T11 = floats(FloatMath.T11);
    private static final FloatVector T9 = floats(FloatMath.T9);
    private static final FloatVector T7 = floats(FloatMath.T7);
    private static final FloatVector T5 = floats(FloatMath.T5);
    private static final FloatVector T3 = floats(FloatMath.T3);

    private VectorMath() {}

    /**
     * {@return {@link FloatMath#exp} of every lane}
     *
     * @param x any numbers
     */
    public static FloatVector exp(FloatVector x) {
        FloatVector clamped = x.blend(EXP_MIN, x.compare(LT, EXP_MIN)).blend(EXP_MAX, x.compare(GT, EXP_MAX));
        FloatVector rounded = clamped.fma(LOG2_E, ROUND);
        FloatVector r = reduced(clamped, rounded.sub(ROUND));
        FloatVector p = polynomial(r).fma(r, ONE).fma(r, ONE);
        IntVector exponent = rounded.reinterpretAsInts().sub(ROUND_BITS);
        IntVector half = exponent.lanewise(ASHR, 1);
        IntVector rest = exponent.sub(half);
        return p.mul(half.add(BIAS).lanewise(LSHL, FloatMath.MANTISSA_BITS).reinterpretAsFloats())
                .mul(rest.add(BIAS).lanewise(LSHL, FloatMath.MANTISSA_BITS).reinterpretAsFloats());
    }

    /**
     * {@return {@link FloatMath#expNormal} of every lane}
     *
     * @param x any numbers
     */
    public static FloatVector expNormal(FloatVector x) {
        FloatVector clamped = x.blend(EXP_NORMAL_MIN, x.compare(LT, EXP_NORMAL_MIN));
        return exponential(clamped.blend(EXP_MAX, x.compare(GT, EXP_MAX)));
    }

    /**
     * {@return {@link FloatMath#expm1} of every lane}
     *
     * @param x any numbers
     */
    public static FloatVector expm1(FloatVector x) {
        FloatVector clamped = x.blend(EXPM1_MIN, x.compare(LT, EXPM1_MIN)).blend(EXP_MAX, x.compare(GT, EXP_MAX));
        FloatVector rounded = clamped.fma(LOG2_E, ROUND_BIASED);
        FloatVector r = reduced(clamped, rounded.sub(ROUND_BIASED));
        FloatVector q = r.mul(r).fma(polynomial(r), r);
        FloatVector half = rounded.reinterpretAsInts()
                .sub(1)
                .lanewise(LSHL, FloatMath.MANTISSA_BITS)
                .reinterpretAsFloats();
        FloatVector result = half.fma(q, half.sub(HALF)).mul(TWO);
        return result.blend(x, x.abs().compare(LT, TINY));
    }

    /**
     * {@return {@link FloatMath#log} of every lane}
     *
     * @param x any numbers
     */
    public static FloatVector log(FloatVector x) {
        VectorMask<Float> subnormal = x.compare(LT, MIN_NORMAL);
        IntVector bits =
                x.blend(x.mul(SUBNORMAL_SCALE), subnormal).reinterpretAsInts().sub(SQRT_HALF_BITS);
        FloatVector e = exponent(bits);
        e = e.blend(e.sub(SUBNORMAL_EXPONENT), subnormal);
        FloatVector r = bits.and(MANTISSA_MASK)
                .add(SQRT_HALF_BITS)
                .reinterpretAsFloats()
                .sub(ONE);
        return x.blend(reducedLog(r, e), x.compare(LT, INFINITY))
                .blend(NAN, x.compare(LT, ZERO))
                .blend(MINUS_INFINITY, x.compare(EQ, ZERO));
    }

    /**
     * {@return {@link FloatMath#log1p} of every lane}
     *
     * @param x any numbers
     */
    public static FloatVector log1p(FloatVector x) {
        IntVector bits = x.add(ONE).reinterpretAsInts().sub(SQRT_HALF_BITS);
        IntVector shift = bits.and(EXPONENT_MASK);
        FloatVector scaled = x.reinterpretAsInts().sub(shift).reinterpretAsFloats();
        FloatVector four = FOUR_BITS.sub(shift).reinterpretAsFloats();
        FloatVector r = scaled.add(four.fma(QUARTER, MINUS_ONE));
        return x.blend(reducedLog(r, exponent(bits)), x.compare(LT, INFINITY))
                .blend(x, x.abs().compare(LT, TINY))
                .blend(NAN, x.compare(LT, MINUS_ONE))
                .blend(MINUS_INFINITY, x.compare(EQ, MINUS_ONE));
    }

    /**
     * {@return {@link FloatMath#log1p} of every lane}
     *
     * @param x numbers from 0 to 1, without care for others, NaN among them
     */
    public static FloatVector log1pOfFraction(FloatVector x) {
        IntVector bits = x.add(ONE).reinterpretAsInts().sub(SQRT_HALF_BITS);
        IntVector shift = bits.and(EXPONENT_MASK);
        FloatVector scaled = x.reinterpretAsInts().sub(shift).reinterpretAsFloats();
        FloatVector four = FOUR_BITS.sub(shift).reinterpretAsFloats();
        FloatVector r = scaled.add(four.fma(QUARTER, MINUS_ONE));
        return reducedLog(r, exponent(bits)).blend(x, x.compare(LT, TINY));
    }

    /**
     * {@return {@link FloatMath#tanh} of every lane}
     *
     * @param x any numbers
     */
    public static FloatVector tanh(FloatVector x) {
        FloatVector a = x.abs();
        FloatVector twice = a.add(a);
        FloatVector e = exponential(twice.blend(EXP_MAX, twice.compare(GT, EXP_MAX)));
        FloatVector large = ONE.sub(TWO.div(e.add(ONE)));
        FloatVector square = a.mul(a);
        FloatVector p = square.fma(T15, T13);
        p = p.fma(square, T11);
        p = p.fma(square, T9);
        p = p.fma(square, T7);
        p = p.fma(square, T5);
        p = p.fma(square, T3);
        FloatVector magnitude = large.blend(a.mul(square).fma(p, a), a.compare(LT, ONE));
        return withSign(magnitude, x);
    }

    /**
     * {@return {@link FloatMath#sigmoid} of every lane}
     *
     * @param x any numbers
     */
    public static FloatVector sigmoid(FloatVector x) {
        return VectorSigmoid.sigmoid(x);
    }

    /**
     * {@return {@link FloatMath#erf} of every lane}
     *
     * @param x any numbers
     */
    public static FloatVector erf(FloatVector x) {
        return VectorErrorFunction.erf(x);
    }

    /**
     * {@return {@link FloatMath#sin} of every lane}
     *
     * @param x radians
     */
    public static FloatVector sin(FloatVector x) {
        return VectorTrigonometry.sin(x);
    }

    /**
     * {@return {@link FloatMath#cos} of every lane}
     *
     * @param x radians
     */
    public static FloatVector cos(FloatVector x) {
        return VectorTrigonometry.cos(x);
    }

    /**
     * {@return {@link FloatMath#rsqrt} of every lane}
     *
     * @param x any numbers
     */
    public static FloatVector rsqrt(FloatVector x) {
        return ONE.div(x.sqrt());
    }

    /** e^x of a clamped argument. */
    private static FloatVector exponential(FloatVector x) {
        FloatVector rounded = x.fma(LOG2_E, ROUND_BIASED);
        FloatVector r = reduced(x, rounded.sub(ROUND_BIASED));
        FloatVector p = polynomial(r).fma(r, ONE).fma(r, ONE);
        return p.mul(rounded.reinterpretAsInts()
                .lanewise(LSHL, FloatMath.MANTISSA_BITS)
                .reinterpretAsFloats());
    }

    private static FloatVector reduced(FloatVector x, FloatVector n) {
        return n.fma(MINUS_LN2_LOW, n.fma(MINUS_LN2_HIGH, x));
    }

    private static FloatVector polynomial(FloatVector r) {
        return r.fma(E6, E5).fma(r, E4).fma(r, E3).fma(r, E2);
    }

    private static FloatVector exponent(IntVector bits) {
        return bits.lanewise(ASHR, FloatMath.MANTISSA_BITS)
                .add(ROUND_BITS)
                .reinterpretAsFloats()
                .sub(ROUND);
    }

    static FloatVector reducedLog(FloatVector r, FloatVector e) {
        FloatVector square = r.mul(r);
        FloatVector p = r.fma(L11, L10).fma(r, L9).fma(r, L8).fma(r, L7);
        p = p.fma(r, L6).fma(r, L5).fma(r, L4).fma(r, L3);
        FloatVector y = e.fma(LN2_LOW, p.mul(r.mul(square)));
        y = square.fma(MINUS_HALF, y);
        return e.fma(LN2_HIGH, r.add(y));
    }

    /**
     * {@return {@link FloatMath#withSign} of every lane}
     *
     * @param magnitude without signs of its own
     * @param x whose signs are taken
     */
    public static FloatVector withSign(FloatVector magnitude, FloatVector x) {
        IntVector sign = x.reinterpretAsInts().and(SIGN_BIT);
        return magnitude.reinterpretAsInts().or(sign).reinterpretAsFloats();
    }

    static FloatVector floats(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }

    static IntVector ints(int value) {
        return IntVector.broadcast(INT_SPECIES, value);
    }
}
