package io.ketju.tensor.simd;

/**
 * The error function: below 1 an odd polynomial, above a polynomial for the rest to 1. Both are fits with the smallest
 * greatest error (relative, absolute) on their intervals, rounded to single precision.
 */
final class FloatErrorFunction {
    /** {@code erf(a) = a + a (S0 + S1 a^2 + ...) on 0 <= a < 1}. */
    static final float S6 = 0x1.4771fep-14f;

    static final float S5 = -0x1.a3515ep-11f;
    static final float S4 = 0x1.53f224p-8f;
    static final float S3 = -0x1.b7f71ap-6f;
    static final float S2 = 0x1.ce2ce6p-4f;
    static final float S1 = -0x1.81273ep-2f;
    static final float S0 = 0x1.06eba8p-3f;

    /** From here on erf is 1. */
    static final float LIMIT = 3.92f;

    static final float CENTRE = 2.4f;

    /** {@code erf(a) = 1 - (C0 + C1 t + ...) with t = a - CENTRE, on 1 <= a <= LIMIT}. */
    static final float C12 = 0x1.323b56p-17f;

    static final float C11 = -0x1.0c54f8p-15f;
    static final float C10 = -0x1.1292bp-15f;
    static final float C9 = 0x1.571652p-12f;
    static final float C8 = -0x1.265828p-11f;
    static final float C7 = -0x1.eae16cp-13f;
    static final float C6 = 0x1.97f84cp-9f;
    static final float C5 = -0x1.02adccp-7f;
    static final float C4 = 0x1.8cbb2cp-7f;
    static final float C3 = -0x1.988beep-7f;
    static final float C2 = 0x1.17ac06p-7f;
    static final float C1 = -0x1.d20d5p-9f;
    static final float C0 = 0x1.68f6e2p-11f;

    private FloatErrorFunction() {}

    /** {@code 2/sqrt(pi)} times the integral of e^(-t²) from 0 to x; the sign of zero is kept. */
    static float erf(float x) {
        float a = Math.abs(x);
        float magnitude = a < 1 ? small(a) : large(a > LIMIT ? LIMIT : a);
        return Float.intBitsToFloat(
                Float.floatToRawIntBits(magnitude) | (Float.floatToRawIntBits(x) & FloatMath.SIGN_BIT));
    }

    private static float small(float a) {
        float s = a * a;
        float p = Math.fma(s, S6, S5);
        p = Math.fma(p, s, S4);
        p = Math.fma(p, s, S3);
        p = Math.fma(p, s, S2);
        p = Math.fma(p, s, S1);
        p = Math.fma(p, s, S0);
        return Math.fma(p, a, a);
    }

    private static float large(float a) {
        float t = a - CENTRE;
        float p = Math.fma(t, C12, C11);
        p = Math.fma(p, t, C10);
        p = Math.fma(p, t, C9);
        p = Math.fma(p, t, C8);
        p = Math.fma(p, t, C7);
        p = Math.fma(p, t, C6);
        p = Math.fma(p, t, C5);
        p = Math.fma(p, t, C4);
        p = Math.fma(p, t, C3);
        p = Math.fma(p, t, C2);
        p = Math.fma(p, t, C1);
        p = Math.fma(p, t, C0);
        return 1 - p;
    }
}
