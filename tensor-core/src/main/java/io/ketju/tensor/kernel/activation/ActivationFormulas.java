package io.ketju.tensor.kernel.activation;

import io.ketju.tensor.simd.FloatMath;

/**
 * The formulas of all activation functions and their derivatives. Derivatives come from the saved tensor: the output of
 * those kinds that say so ({@link Activation#fromOutput()}), otherwise the input.
 */
final class ActivationFormulas {
    static final float SQRT_HALF = 0x1.6a09e6p-1f;
    /** 1 / sqrt(2 pi) */
    static final float DENSITY = 0x1.988454p-2f;
    /** -2 sqrt(2 / pi) */
    static final float TANH_FACTOR = -0x1.988454p0f;
    /** -2 sqrt(2 / pi) 0.044715 */
    static final float TANH_CUBE = (float) (-1.5957691216057308 * 0.044715);

    static final float SIXTH = 1 / 6f;
    static final float THIRD = 1 / 3f;
    /** From here on Mish is the identity. */
    static final float MISH_MAX = 20;

    private ActivationFormulas() {}

    static float forward(Activation f, float x) {
        return switch (f.kind()) {
            case RELU -> x <= 0 ? 0 : x;
            case LEAKY_RELU -> x > 0 ? x : f.a() * x;
            case ELU -> x > 0 ? f.a() * x : f.b() * FloatMath.expm1(f.c() * x);
            case GELU -> gelu(x);
            case GELU_TANH -> x / (1 + FloatMath.expNormal(x * Math.fma(x * x, TANH_CUBE, TANH_FACTOR)));
            case SILU -> x / (1 + FloatMath.expNormal(-x));
            case MISH -> mish(x);
            case SIGMOID -> FloatMath.sigmoid(x);
            case LOG_SIGMOID -> -softplus(-x);
            case TANH -> FloatMath.tanh(x);
            case HARDTANH -> x < f.a() ? f.a() : (x > f.b() ? f.b() : x);
            case HARDSIGMOID -> sixths(x) * SIXTH;
            case HARDSWISH -> x * (sixths(x) * SIXTH);
            case SOFTPLUS -> f.a() * x > f.b() ? x : softplus(f.a() * x) * f.c();
            case SOFTSIGN -> x / (1 + Math.abs(x));
            case TANHSHRINK -> x - FloatMath.tanh(x);
            case SOFTSHRINK -> Math.abs(x) <= f.a() ? 0 : (x > 0 ? x - f.a() : x + f.a());
            case HARDSHRINK -> Math.abs(x) <= f.a() ? 0 : x;
            case THRESHOLD -> x <= f.a() ? f.b() : x;
        };
    }

    /** dy times the derivative. */
    static float backward(Activation f, float saved, float dy) {
        return switch (f.kind()) {
            case RELU -> saved > 0 ? dy : 0;
            case LEAKY_RELU -> saved > 0 ? dy : f.a() * dy;
            case ELU -> dy * (saved > 0 ? f.a() : eluSlope(f) * FloatMath.exp(f.c() * saved));
            case GELU -> dy * geluSlope(saved);
            case GELU_TANH -> dy * geluTanhSlope(saved);
            case SILU -> dy * siluSlope(saved);
            case MISH -> dy * mishSlope(saved);
            case SIGMOID -> dy * Math.fma(-saved, saved, saved);
            case LOG_SIGMOID -> dy / (1 + FloatMath.expNormal(saved));
            case TANH -> dy * Math.fma(-saved, saved, 1);
            case HARDTANH -> saved > f.a() && saved < f.b() ? dy : 0;
            case HARDSIGMOID -> Math.abs(saved) < 3 ? dy * SIXTH : 0;
            case HARDSWISH -> saved <= -3 ? 0 : (saved >= 3 ? dy : dy * Math.fma(saved, THIRD, 0.5f));
            case SOFTPLUS -> f.a() * saved > f.b() ? dy : dy / (1 + FloatMath.expNormal(-(f.a() * saved)));
            case SOFTSIGN -> softsignBackward(saved, dy);
            case TANHSHRINK -> tanhshrinkBackward(saved, dy);
            case SOFTSHRINK, HARDSHRINK -> Math.abs(saved) <= f.a() ? 0 : dy;
            case THRESHOLD -> saved <= f.a() ? 0 : dy;
        };
    }

    /**
     * The derivative of ELU where x is negative is this times {@code e^(c x)}. From the output it would be {@code (y + b) c},
     * of which little is right where y is almost -b.
     */
    static float eluSlope(Activation f) {
        return (float) ((double) f.b() * f.c());
    }

    /** {@code x/2 (1 + erf(x / sqrt(2)))} */
    private static float gelu(float x) {
        float half = 0.5f * x;
        return Math.fma(half, FloatMath.erf(x * SQRT_HALF), half);
    }

    private static float geluSlope(float x) {
        float density = FloatMath.expNormal(x * x * -0.5f) * DENSITY;
        return Math.fma(x, density, Math.fma(FloatMath.erf(x * SQRT_HALF), 0.5f, 0.5f));
    }

    private static float geluTanhSlope(float x) {
        float square = x * x;
        float s = 1 / (1 + FloatMath.expNormal(x * Math.fma(square, TANH_CUBE, TANH_FACTOR)));
        float inner = Math.fma(square, -3 * TANH_CUBE, -TANH_FACTOR);
        return Math.fma(x * s * (1 - s), inner, s);
    }

    private static float siluSlope(float x) {
        float s = 1 / (1 + FloatMath.expNormal(-x));
        return s * Math.fma(x, 1 - s, 1);
    }

    /** {@code x tanh(log(1 + e)) = x n / (n + 2)} with {@code n = e (e + 2)} and {@code e = e^x}. */
    private static float mish(float x) {
        float e = FloatMath.expNormal(x > MISH_MAX ? MISH_MAX : x);
        float n = e * (e + 2);
        return x * (n / (n + 2));
    }

    private static float mishSlope(float x) {
        float clamped = x > MISH_MAX ? MISH_MAX : x;
        float e = FloatMath.expNormal(clamped);
        float n = e * (e + 2);
        float inverse = 1 / (n + 2);
        float slope = 4 * (e * (e + 1)) * (inverse * inverse);
        return Math.fma(clamped, slope, n * inverse);
    }

    /** {@code log(1 + e^x)} */
    private static float softplus(float x) {
        return (x <= 0 ? 0 : x) + FloatMath.log1p(FloatMath.expNormal(-Math.abs(x)));
    }

    private static float sixths(float x) {
        float t = x + 3;
        return t < 0 ? 0 : (t > 6 ? 6 : t);
    }

    private static float softsignBackward(float x, float dy) {
        float t = 1 + Math.abs(x);
        return dy / (t * t);
    }

    private static float tanhshrinkBackward(float x, float dy) {
        float t = FloatMath.tanh(x);
        return dy * (t * t);
    }
}
