package io.ketju.tensor.simd;

/**
 * Powers by way of double precision: {@code x^y = 2^(y log2(x))}, with enough bits left over that the result is nearly
 * always the correctly rounded one. The polynomials are fits with the smallest greatest relative error. Special cases
 * are those of {@code pow} in C (ISO/IEC 9899:2018, F.10.4.4).
 */
final class FloatPower {
    static final long SQRT_HALF_BITS = 0x3fe6a09e667f3bcdL;
    static final long EXPONENT_MASK = 0xfff0000000000000L;
    static final int MANTISSA_BITS = 52;
    static final long BIAS_BITS = 0x3ff0000000000000L;
    /** Adding this to a small number rounds it to an integer, whose sum with 1023 the low bits then hold. */
    static final double ROUND_BIASED = 0x1.8p52 + 1023;

    static final long ROUND_BITS = 0x4338000000000000L;
    /** Results are 0 or infinite, as floats, from this exponent on. */
    static final double EXPONENT_LIMIT = 200;

    /** log2(m) = s (L0 + L1 s^2 + ...) with s = (m - 1) / (m + 1) and m between sqrt(1/2) and sqrt(2). */
    static final double L4 = 0x1.5ce857f37425bp-2;

    static final double L3 = 0x1.a58d88a1bf87cp-2;
    static final double L2 = 0x1.27777fe8be3cep-1;
    static final double L1 = 0x1.ec709d12cf6a7p-1;
    static final double L0 = 0x1.71547652bedf2p+1;

    /** {@code 2^f = E0 + E1 f + ... on |f| <= 1/2}. */
    static final double E7 = 0x1.fe1777ffdf4bdp-17;

    static final double E6 = 0x1.446a2366c78e1p-13;
    static final double E5 = 0x1.5d8a709b88e40p-10;
    static final double E4 = 0x1.3b29dc3c736d8p-7;
    static final double E3 = 0x1.c6b08aaf135e6p-5;
    static final double E2 = 0x1.ebfbe0a4c3adap-3;
    static final double E1 = 0x1.62e42ff1163bep-1;
    static final double E0 = 0x1.ffffffffabb9fp-1;

    /** From here on every float is an integer; from twice this on, an even one. */
    static final float ALL_INTEGERS = 0x1p23f;

    private FloatPower() {}

    /** {@code x^y}. NaN for negative x and y not an integer; 1 for y = 0 or x = 1, whatever the other is. */
    static float pow(float x, float y) {
        float a = Math.abs(x);
        float magnitude = (float) power(a, y);
        // 0 and infinity have no logarithm here, and 1 none whose product with infinity is a number.
        float end = y > 0 == a > 1 ? Float.POSITIVE_INFINITY : 0;
        magnitude = (a == 0 || a == Float.POSITIVE_INFINITY) && !Float.isNaN(y) ? end : magnitude;
        magnitude = a == 1 && !Float.isNaN(y) ? 1 : magnitude;
        float b = Math.abs(y);
        float shifted = b + ALL_INTEGERS;
        boolean large = b >= ALL_INTEGERS;
        boolean integer = large || shifted - ALL_INTEGERS == b;
        int lowest = Float.floatToRawIntBits(large ? b : shifted) & 1;
        boolean odd = integer && lowest != 0 && b < 2 * ALL_INTEGERS;
        float signed = odd
                ? Float.intBitsToFloat(
                        Float.floatToRawIntBits(magnitude) | (Float.floatToRawIntBits(x) & FloatMath.SIGN_BIT))
                : magnitude;
        boolean real = integer || x >= 0 || a == Float.POSITIVE_INFINITY || a == 0;
        float result = real ? signed : Float.NaN;
        result = Float.isNaN(x) ? x : result;
        return y == 0 || x == 1 ? 1 : result;
    }

    private static double power(double a, double y) {
        long bits = Double.doubleToRawLongBits(a);
        long shifted = bits - SQRT_HALF_BITS;
        double m = Double.longBitsToDouble(bits - (shifted & EXPONENT_MASK));
        long exponent = (shifted + BIAS_BITS) >>> MANTISSA_BITS;
        double e = Double.longBitsToDouble(exponent + ROUND_BITS) - ROUND_BIASED;
        double s = (m - 1) / (m + 1);
        double z = s * s;
        double p = Math.fma(z, L4, L3);
        p = Math.fma(p, z, L2);
        p = Math.fma(p, z, L1);
        p = Math.fma(p, z, L0);
        double w = y * Math.fma(p, s, e);
        w = w < -EXPONENT_LIMIT ? -EXPONENT_LIMIT : (w > EXPONENT_LIMIT ? EXPONENT_LIMIT : w);
        double rounded = w + ROUND_BIASED;
        double f = w - (rounded - ROUND_BIASED);
        double q = Math.fma(f, E7, E6);
        q = Math.fma(q, f, E5);
        q = Math.fma(q, f, E4);
        q = Math.fma(q, f, E3);
        q = Math.fma(q, f, E2);
        q = Math.fma(q, f, E1);
        q = Math.fma(q, f, E0);
        return q * Double.longBitsToDouble(Double.doubleToRawLongBits(rounded) << MANTISSA_BITS);
    }
}
