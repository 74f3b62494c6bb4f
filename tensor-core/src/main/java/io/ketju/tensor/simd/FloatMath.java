package io.ketju.tensor.simd;

/**
 * Functions of single-precision numbers, the same bits on every JVM and machine, unlike {@code Math}. {@link VectorMath}
 * runs the same operations in the same order. Results of exp, log, tanh and sigmoid are at most 1 unit in their last
 * place off the exact ones, those of the others 2. Over all floats it is at most 0.895 (exp), 0.827 (log), 0.976 (tanh),
 * 0.858 (sigmoid), 1.455 (expm1), 1.396 (log1p), 1.983 (erf), 1.491 (rsqrt), 1.577 (sin) and 1.578 (cos); pow, of two
 * arguments, is sampled. NaN gives NaN, of unspecified payload.
 *
 * <p>Method: argument reduction and polynomials after Cody and Waite, "Software Manual for the Elementary Functions",
 * 1980. The polynomial of log is that of {@code logf} in Moshier's Cephes library; those of exp and tanh are fits with
 * the smallest greatest relative error on their intervals, rounded to single precision.
 */
public final class FloatMath {
    /** {@code log2(e)}, rounded. */
    public static final float LOG2_E = 0x1.715476p0f;
    /** log(2) in two parts: the high one, with trailing zeros, so that its small multiples are exact. */
    public static final float LN2_HIGH = 0x1.63p-1f;

    /** The low part of log(2): see {@link #LN2_HIGH}. */
    public static final float LN2_LOW = -0x1.bd0106p-13f;
    /** Adding this to a small number rounds it to an integer, which the low bits of the sum then hold. */
    public static final float ROUND = 0x1.8p23f;

    /** The bits of {@link #ROUND}. */
    static final int ROUND_BITS = 0x4b400000;
    /** {@link #ROUND} and the bias of the exponent: 23 bits to the left, the sum is a power of two. */
    public static final float ROUND_BIASED = ROUND + 127;

    /** Bits of a float below its exponent. */
    public static final int MANTISSA_BITS = 23;

    static final int MANTISSA_MASK = (1 << MANTISSA_BITS) - 1;
    /** The exponent in the bits of a float is larger by this than that of its power of two. */
    public static final int EXPONENT_BIAS = 127;

    static final int SIGN_BIT = 0x80000000;

    /** exp is 0 below. */
    static final float EXP_MIN = -104f;

    /** exp is infinite above. */
    static final float EXP_MAX = 89f;
    /** Between the least argument whose power of two is normal, and the one below. */
    static final float EXP_NORMAL_MIN = -88f;

    /** expm1 is -1 below. */
    static final float EXPM1_MIN = -18f;
    /** expm1, log1p of anything smaller is that number. */
    static final float TINY = 0x1p-24f;

    /** sigmoid is e^x, of which some results are subnormal, below minus this, and 1 above it. */
    static final float SIGMOID_LIMIT = 87f;

    static final int ONE_BITS = 0x3f800000;

    /** Factor of r^6 in {@code e^r = 1 + r + E2 r^2 + ... + E6 r^6 on |r| <= log(2)/2}. */
    public static final float E6 = 0x1.6a23c6p-10f;

    /** Factor of r^5: see {@link #E6}. */
    public static final float E5 = 0x1.123a20p-7f;
    /** Factor of r^4: see {@link #E6}. */
    public static final float E4 = 0x1.5558f4p-5f;
    /** Factor of r^3: see {@link #E6}. */
    public static final float E3 = 0x1.555492p-3f;
    /** Factor of r^2: see {@link #E6}. */
    public static final float E2 = 0x1.fffffcp-2f;

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
    /** The bits of 4. */
    static final int FOUR_BITS = 0x40800000;

    /** {@code tanh(a) = a + a^3 (T3 + T5 a^2 + ...) on 0 <= a < 1}. */
    static final float T15 = -0x1.77db20p-12f;

    static final float T13 = 0x1.2da410p-9f;
    static final float T11 = -0x1.046074p-7f;
    static final float T9 = 0x1.600976p-6f;
    static final float T7 = -0x1.b9621ep-5f;
    static final float T5 = 0x1.110be2p-3f;
    static final float T3 = -0x1.55553cp-2f;

    private FloatMath() {}

    /**
     * {@return {@code e^x}; infinite from 88.73 on, 0 below -103.98, subnormal results rounded}
     *
     * @param x any number
     */
    public static float exp(float x) {
        float clamped = x < EXP_MIN ? EXP_MIN : (x > EXP_MAX ? EXP_MAX : x);
        // x = n log(2) + r
        float rounded = Math.fma(clamped, LOG2_E, ROUND);
        float n = rounded - ROUND;
        float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, clamped));
        float p = Math.fma(Math.fma(polynomial(r), r, 1), r, 1);
        // 2^n in two factors: n reaches from -150 to 128, and neither end is a normal float.
        int exponent = Float.floatToRawIntBits(rounded) - ROUND_BITS;
        int half = exponent >> 1;
        return p * powerOfTwo(half) * powerOfTwo(exponent - half);
    }

    /**
     * {@return the natural logarithm: -infinity for either zero, NaN below}
     *
     * @param x any number
     */
    public static float log(float x) {
        boolean subnormal = x < Float.MIN_NORMAL;
        float scaled = subnormal ? x * SUBNORMAL_SCALE : x;
        // x = 2^e (1 + r)
        int bits = Float.floatToRawIntBits(scaled) - SQRT_HALF_BITS;
        float e = Float.intBitsToFloat((bits >> MANTISSA_BITS) + ROUND_BITS) - ROUND;
        e = subnormal ? e - SUBNORMAL_EXPONENT : e;
        float r = Float.intBitsToFloat((bits & MANTISSA_MASK) + SQRT_HALF_BITS) - 1;
        float result = reducedLog(r, e);
        result = x < Float.POSITIVE_INFINITY ? result : x;
        result = x < 0 ? Float.NaN : result;
        return x == 0 ? Float.NEGATIVE_INFINITY : result;
    }

    /**
     * {@return the hyperbolic tangent; the sign of zero is kept}
     *
     * @param x any number
     */
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
        float twice = a + a;
        float large = 1 - 2 / (exponential(twice > EXP_MAX ? EXP_MAX : twice) + 1);
        return withSign(a < 1 ? small : large, x);
    }

    /**
     * {@return a magnitude with the sign of x}
     *
     * @param magnitude without a sign of its own
     * @param x any number, zeros and NaN too
     */
    public static float withSign(float magnitude, float x) {
        return Float.intBitsToFloat(Float.floatToRawIntBits(magnitude) | (Float.floatToRawIntBits(x) & SIGN_BIT));
    }

    /**
     * {@return {@code e^x} where that lies between 2^-126 and 2^127.5: 0 below, infinite above} Cheaper than exp in vectors.
     *
     * @param x any number
     */
    public static float expNormal(float x) {
        float clamped = x < EXP_NORMAL_MIN ? EXP_NORMAL_MIN : x;
        return exponential(clamped > EXP_MAX ? EXP_MAX : clamped);
    }

    /**
     * {@return {@code e^x - 1}, also where that is small}
     *
     * @param x any number
     */
    public static float expm1(float x) {
        float clamped = x < EXPM1_MIN ? EXPM1_MIN : (x > EXP_MAX ? EXP_MAX : x);
        float rounded = Math.fma(clamped, LOG2_E, ROUND_BIASED);
        float q = reducedExpm1(clamped, rounded - ROUND_BIASED);
        // e^x - 1 = 2 (2^(n-1) q + 2^(n-1) - 1/2), as 2^n may be too large.
        float half = Float.intBitsToFloat((Float.floatToRawIntBits(rounded) - 1) << MANTISSA_BITS);
        float result = Math.fma(half, q, half - 0.5f) * 2;
        return Math.abs(x) < TINY ? x : result;
    }

    /**
     * {@return {@code log(1 + x)}, also for small x: -infinity for -1, NaN below}
     *
     * @param x any number
     */
    public static float log1p(float x) {
        // 1 + x = 2^e (1 + r), and r from x itself: it has the bits that 1 + x has lost.
        int bits = Float.floatToRawIntBits(1 + x) - SQRT_HALF_BITS;
        int shift = bits & ~MANTISSA_MASK;
        float e = Float.intBitsToFloat((bits >> MANTISSA_BITS) + ROUND_BITS) - ROUND;
        float scaled = Float.intBitsToFloat(Float.floatToRawIntBits(x) - shift);
        float four = Float.intBitsToFloat(FOUR_BITS - shift);
        float result = reducedLog(scaled + Math.fma(four, 0.25f, -1), e);
        result = x < Float.POSITIVE_INFINITY ? result : x;
        result = Math.abs(x) < TINY ? x : result;
        result = x < -1 ? Float.NaN : result;
        return x == -1 ? Float.NEGATIVE_INFINITY : result;
    }

    /**
     * {@return {@code 1 / (1 + e^-x)}, of small relative error also where that is small}
     *
     * @param x any number
     */
    public static float sigmoid(float x) {
        if (x < -SIGMOID_LIMIT) {
            return exp(x);
        }
        float clamped = x > SIGMOID_LIMIT ? SIGMOID_LIMIT : x;
        float rounded = Math.fma(clamped, LOG2_E, ROUND);
        float n = rounded - ROUND;
        float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, clamped));
        // e^-r = 1 - r - u
        float p = Math.fma(Math.fma(Math.fma(Math.fma(-E6, r, E5), r, -E4), r, E3), r, -E2);
        float u = r * r * p;
        // e^-x = scale (1 - r - u), and 1 + e^-x = sum + rest
        int bits = ONE_BITS - (Float.floatToRawIntBits(rounded) << MANTISSA_BITS);
        float scale = Float.intBitsToFloat(bits);
        float one = scale + 1;
        float lost =
                Float.intBitsToFloat(Math.min(bits, ONE_BITS)) - (one - Float.intBitsToFloat(Math.max(bits, ONE_BITS)));
        float sum = Math.fma(-scale, r + u, one);
        float rest = Math.fma(-scale, u, Math.fma(-scale, r, one - sum)) + lost;
        // The inverse of both with one correction.
        float minus = -1 / sum;
        float error = Math.fma(minus, rest, Math.fma(minus, sum, 1));
        return -Math.fma(minus, error, minus);
    }

    /**
     * {@return the error function: {@code 2/sqrt(π)} times the integral of {@code e^(-t²)} from 0 to x; the sign of zero is kept}
     *
     * @param x any number
     */
    public static float erf(float x) {
        return FloatErrorFunction.erf(x);
    }

    /**
     * {@return the sine; NaN of infinities; the sign of zero is kept}
     *
     * @param x radians, any number
     */
    public static float sin(float x) {
        return FloatTrigonometry.sin(x);
    }

    /**
     * {@return the cosine; NaN of infinities}
     *
     * @param x radians, any number
     */
    public static float cos(float x) {
        return FloatTrigonometry.cos(x);
    }

    /**
     * {@return {@code x^y}, special cases as in C: NaN for negative x and y not an integer; 1 for y = 0 or x = 1, whatever the other is}
     *
     * @param x base
     * @param y exponent
     */
    public static float pow(float x, float y) {
        return FloatPower.pow(x, y);
    }

    /**
     * {@return {@code 1 / sqrt(x)}: infinite, with its sign, for either zero; NaN below}
     *
     * @param x any number
     */
    public static float rsqrt(float x) {
        return 1 / (float) Math.sqrt(x);
    }

    /** e^x of a clamped argument, the power of two being a float. */
    private static float exponential(float x) {
        float rounded = Math.fma(x, LOG2_E, ROUND_BIASED);
        float n = rounded - ROUND_BIASED;
        float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, x));
        float p = Math.fma(Math.fma(polynomial(r), r, 1), r, 1);
        return p * Float.intBitsToFloat(Float.floatToRawIntBits(rounded) << MANTISSA_BITS);
    }

    /** e^r - 1 of r = x - n log(2). */
    private static float reducedExpm1(float x, float n) {
        float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, x));
        return Math.fma(r * r, polynomial(r), r);
    }

    /** (e^r - 1 - r) / r^2 */
    private static float polynomial(float r) {
        float p = Math.fma(E6, r, E5);
        p = Math.fma(p, r, E4);
        p = Math.fma(p, r, E3);
        return Math.fma(p, r, E2);
    }

    /** log(2^e (1 + r)) */
    private static float reducedLog(float r, float e) {
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
        return Math.fma(e, LN2_HIGH, r + y);
    }

    private static float powerOfTwo(int exponent) {
        return Float.intBitsToFloat((exponent + EXPONENT_BIAS) << MANTISSA_BITS);
    }
}
