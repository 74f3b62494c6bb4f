package io.ketju.tensor.kernel;

/**
 * {@code exp}, {@code log} and {@code tanh} of single-precision numbers, the same bits on every JVM and machine, unlike
 * {@code Math}. {@link VectorMath} runs the same operations in the same order. Results are within 1 ulp of the correctly
 * rounded ones. NaN gives NaN, of unspecified payload.
 *
 * <p>Method: argument reduction and polynomials after Cody and Waite, "Software Manual for the Elementary Functions",
 * 1980. The polynomial of log is that of {@code logf} in Moshier's Cephes library; those of exp and tanh are fits with
 * the smallest greatest relative error on their intervals, rounded to single precision.
 */
public final class FloatMath {
    static final float LOG2_E = 0x1.715476p0f;
    /** log(2) in two parts; the high part has trailing zeros, so that its small multiples are exact. */
    static final float LN2_HIGH = 0x1.63p-1f;

    static final float LN2_LOW = -0x1.bd0106p-13f;
    /** Adding this to a small number rounds it to an integer, which the low bits of the sum then hold. */
    static final float ROUND = 0x1.8p23f;

    static final int ROUND_BITS = 0x4b400000;
    static final int MANTISSA_BITS = 23;
    static final int MANTISSA_MASK = (1 << MANTISSA_BITS) - 1;
    static final int EXPONENT_BIAS = 127;
    static final int SIGN_BIT = 0x80000000;

    /** exp is 0 below and infinite above. */
    static final float EXP_MIN = -104f;

    static final float EXP_MAX = 89f;

    /** e^r = 1 + r + E2 r^2 + ... on |r| <= log(2)/2. */
    static final float E6 = 0x1.6a23c6p-10f;

    static final float E5 = 0x1.123a20p-7f;
    static final float E4 = 0x1.5558f4p-5f;
    static final float E3 = 0x1.555492p-3f;
    static final float E2 = 0x1.fffffcp-2f;

    /** log(1+r) = r - r^2/2 + r^3 (L3 + L4 r + ...) on 1+r between sqrt(1/2) and sqrt(2). */
    static final float L11 = 0x1.204376p-4f;

    static final float L10 = -0x1.d7a37p-4f;
    static final float L9 = 0x1.de4a34p-4f;
    static final float L8 = -0x1.fcba9ep-4f;
    static final float L7 = 0x1.23d37ep-3f;
    static final float L6 = -0x1.555cap-3f;
    static final float L5 = 0x1.999d58p-3f;
    static final float L4 = -0x1.fffff8p-3f;
    static final float L3 = 0x1.555554p-2f;

    /** The bits of sqrt(1/2), where the mantissas of log are cut. */
    static final int SQRT_HALF_BITS = 0x3f3504f3;
    /** Lifts every subnormal number into the normal range. */
    static final float SUBNORMAL_SCALE = 0x1p23f;

    static final float SUBNORMAL_EXPONENT = 23f;

    /** tanh(a) = a + a^3 (T3 + T5 a^2 + ...) on 0 <= a < 1. */
    static final float T15 = -0x1.77db20p-12f;

    static final float T13 = 0x1.2da410p-9f;
    static final float T11 = -0x1.046074p-7f;
    static final float T9 = 0x1.600976p-6f;
    static final float T7 = -0x1.b9621ep-5f;
    static final float T5 = 0x1.110be2p-3f;
    static final float T3 = -0x1.55553cp-2f;

    private FloatMath() {}

    /** {@code e^x}; infinite from 88.73 on, 0 below -103.98, subnormal results rounded. */
    public static float exp(float x) {
        float clamped = x < EXP_MIN ? EXP_MIN : (x > EXP_MAX ? EXP_MAX : x);
        // x = n log(2) + r
        float rounded = Math.fma(clamped, LOG2_E, ROUND);
        float n = rounded - ROUND;
        float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, clamped));
        float p = Math.fma(E6, r, E5);
        p = Math.fma(p, r, E4);
        p = Math.fma(p, r, E3);
        p = Math.fma(p, r, E2);
        p = Math.fma(p, r, 1);
        p = Math.fma(p, r, 1);
        // 2^n in two factors: n reaches from -150 to 128, and neither end is a normal float.
        int exponent = Float.floatToRawIntBits(rounded) - ROUND_BITS;
        int half = exponent >> 1;
        return p * powerOfTwo(half) * powerOfTwo(exponent - half);
    }

    /** Natural logarithm: -infinity for either zero, NaN below. */
    public static float log(float x) {
        boolean subnormal = x < Float.MIN_NORMAL;
        float scaled = subnormal ? x * SUBNORMAL_SCALE : x;
        // x = 2^e (1 + r)
        int bits = Float.floatToRawIntBits(scaled) - SQRT_HALF_BITS;
        float e = Float.intBitsToFloat((bits >> MANTISSA_BITS) + ROUND_BITS) - ROUND;
        e = subnormal ? e - SUBNORMAL_EXPONENT : e;
        float r = Float.intBitsToFloat((bits & MANTISSA_MASK) + SQRT_HALF_BITS) - 1;
        float square = r * r;
        float p = Math.fma(L11, r, L10);
        p = Math.fma(p, r, L9);
        p = Math.fma(p, r, L8);
        p = Math.fma(p, r, L7);
        p = Math.fma(p, r, L6);
        p = Math.fma(p, r, L5);
        p = Math.fma(p, r, L4);
        p = Math.fma(p, r, L3);
        float y = Math.fma(e, LN2_LOW, p * (r * square));
        y = Math.fma(square, -0.5f, y);
        float result = Math.fma(e, LN2_HIGH, r + y);
        result = x < Float.POSITIVE_INFINITY ? result : x;
        result = x < 0 ? Float.NaN : result;
        return x == 0 ? Float.NEGATIVE_INFINITY : result;
    }

    /** Hyperbolic tangent; the sign of zero is kept. */
    public static float tanh(float x) {
        float a = Math.abs(x);
        float square = a * a;
        float p = Math.fma(T15, square, T13);
        p = Math.fma(p, square, T11);
        p = Math.fma(p, square, T9);
        p = Math.fma(p, square, T7);
        p = Math.fma(p, square, T5);
        p = Math.fma(p, square, T3);
        float small = Math.fma(a * square, p, a);
        float large = 1 - 2 / (exp(a + a) + 1);
        float magnitude = a < 1 ? small : large;
        return Float.intBitsToFloat(Float.floatToRawIntBits(magnitude) | (Float.floatToRawIntBits(x) & SIGN_BIT));
    }

    private static float powerOfTwo(int exponent) {
        return Float.intBitsToFloat((exponent + EXPONENT_BIAS) << MANTISSA_BITS);
    }
}
