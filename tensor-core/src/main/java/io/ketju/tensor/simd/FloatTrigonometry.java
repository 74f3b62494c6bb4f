package io.ketju.tensor.simd;

/**
 * Sine and cosine over all floats: x = n pi/2 + r with |r| at most pi/4, and one of two polynomials in r, fits with the
 * smallest greatest relative error. The reduction is that of Cody and Waite up to {@link #LIMIT}, and beyond that of
 * Payne and Hanek ("Radian reduction for trigonometric functions", SIGNUM Newsletter 18, 1983) in 64-bit integers.
 */
final class FloatTrigonometry {
    /** Largest argument of the short reduction. */
    static final float LIMIT = 65536f;

    static final float TWO_OVER_PI = 0x1.45f306p-1f;
    /** pi/2 in three parts. */
    static final float HALF_PI_HIGH = 0x1.921fb0p0f;

    static final float HALF_PI_MIDDLE = 0x1.5110b4p-22f;
    static final float HALF_PI_LOW = 0x1.846988p-48f;

    /** sin(r) = r + r^3 (S0 + S1 r^2 + ...) */
    static final float S3 = 0x1.7c33bp-19f;

    static final float S2 = -0x1.a05960p-13f;
    static final float S1 = 0x1.111174p-7f;
    static final float S0 = -0x1.555556p-3f;

    /** cos(r) = 1 - r^2/2 + r^4 (C0 + C1 r^2 + ...) */
    static final float C2 = 0x1.99e904p-16f;

    static final float C1 = -0x1.6c0c2ap-10f;
    static final float C0 = 0x1.55554ap-5f;

    /** The bits of 2/pi, 64 in each element, the first behind the point of weight 1/2; before it and at the end zeros. */
    private static final long[] TWO_OVER_PI_BITS = {
        0, 0, 0xa2f9836e4e441529L, 0xfc2757d1f534ddc0L, 0xdb6295993c439041L, 0xfe5163abdebbc561L, 0, 0
    };

    /** Bits of {@link #TWO_OVER_PI_BITS} before the point. */
    private static final int BEFORE_POINT = 2 * Long.SIZE;

    /** pi/2 in units of 2^-62 */
    private static final double QUARTER_TURN = 0x1.921fb54442d18p-62;

    private FloatTrigonometry() {}

    /** Sine of x radians; NaN of infinities; the sign of zero is kept. */
    static float sin(float x) {
        return turned(x, 0);
    }

    /** Cosine of x radians; NaN of infinities. */
    static float cos(float x) {
        return turned(x, 1);
    }

    /** sin(x + quarters pi/2) */
    private static float turned(float x, int quarters) {
        if (Math.abs(x) > LIMIT) {
            return large(x, quarters);
        }
        float rounded = Math.fma(x, TWO_OVER_PI, FloatMath.ROUND);
        float n = rounded - FloatMath.ROUND;
        float r = Math.fma(n, -HALF_PI_HIGH, x);
        r = Math.fma(n, -HALF_PI_MIDDLE, r);
        r = Math.fma(n, -HALF_PI_LOW, r);
        float result = polynomial(r, Float.floatToRawIntBits(rounded) + quarters);
        // The sums above turn -0 into +0.
        return quarters == 0 && x == 0 ? x : result;
    }

    private static float polynomial(float r, int quadrant) {
        float s = r * r;
        float p = Math.fma(s, S3, S2);
        p = Math.fma(p, s, S1);
        p = Math.fma(p, s, S0);
        float sine = Math.fma(p, r * s, r);
        float q = Math.fma(s, C2, C1);
        q = Math.fma(q, s, C0);
        float cosine = Math.fma(q, s * s, Math.fma(s, -0.5f, 1));
        float magnitude = (quadrant & 1) == 0 ? sine : cosine;
        return Float.intBitsToFloat(Float.floatToRawIntBits(magnitude) ^ ((quadrant & 2) << 30));
    }

    private static float large(float x, int quarters) {
        if (!Float.isFinite(x)) {
            return Float.NaN;
        }
        int bits = Float.floatToRawIntBits(Math.abs(x));
        long mantissa = (bits & FloatMath.MANTISSA_MASK) | (1 << FloatMath.MANTISSA_BITS);
        int exponent = (bits >> FloatMath.MANTISSA_BITS) - FloatMath.EXPONENT_BIAS - FloatMath.MANTISSA_BITS;
        // |x| = mantissa 2^exponent. Bits of 2/pi whose product counts full turns are left out.
        int first = exponent - 2;
        long high = bitsOfTwoOverPi(first);
        long low = bitsOfTwoOverPi(first + Long.SIZE) >>> 32;
        long product = mantissa * high + ((mantissa * low) >>> 32);
        long quadrant = (product + (1L << 61)) >>> 62;
        float r = (float) ((product - (quadrant << 62)) * QUARTER_TURN);
        int turns = (int) quadrant;
        return x < 0 ? polynomial(-r, quarters - turns) : polynomial(r, turns + quarters);
    }

    /** 64 bits of 2/pi, from that of weight 2^-(first + 1) on; bits before the point are zero. */
    private static long bitsOfTwoOverPi(int first) {
        int bit = first + BEFORE_POINT;
        int word = bit >> 6;
        // Shifts go modulo 64; ~bit is then 63 - bit, and the two shifts to the right never none at all.
        return (TWO_OVER_PI_BITS[word] << bit) | (TWO_OVER_PI_BITS[word + 1] >>> 1 >>> ~bit);
    }
}
