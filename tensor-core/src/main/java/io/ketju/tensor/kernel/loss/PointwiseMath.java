package io.ketju.tensor.kernel.loss;

import io.ketju.tensor.simd.FloatMath;

/** Pieces of element-wise losses, as the vector kernels compute them lane by lane. */
final class PointwiseMath {
    /** Least logarithm and least denominator of binary cross-entropy, as in PyTorch. */
    static final float LEAST_LOG = -100;

    static final float LEAST_VARIANCE = 1e-12f;

    private PointwiseMath() {}

    /** -1, 0 or 1; zeros and NaN stay. */
    static float sign(float d) {
        return d > 0 ? 1 : (d < 0 ? -1 : d);
    }

    /** {@code log(1 + v)} for {@code -1 <= v <= 1}, with the rounding of the sum made good. */
    static float log1p(float v) {
        float sum = 1 + v;
        float log = FloatMath.log(sum);
        return sum > 0 ? log + (v - (sum - 1)) / sum : log;
    }

    /** {@code -(t · log(x) + (1 - t) · log(1 - x))}. */
    static float bce(float x, float t) {
        return -Math.fma(t, clamped(FloatMath.log(x)), (1 - t) * clamped(log1p(-x)));
    }

    static float bceGradient(float x, float t) {
        float variance = (1 - x) * x;
        return (x - t) / (variance < LEAST_VARIANCE ? LEAST_VARIANCE : variance);
    }

    /** Binary cross-entropy of a logit whose positive targets weigh {@code posWeight}. */
    static float bceWithLogits(float x, float t, float posWeight) {
        float a = Math.fma(posWeight - 1, t, 1);
        return Math.fma(1 - t, x, a * (log1p(FloatMath.exp(-Math.abs(x))) + (x < 0 ? -x : 0)));
    }

    static float bceWithLogitsGradient(float x, float t, float posWeight) {
        float a = Math.fma(posWeight - 1, t, 1);
        float e = FloatMath.exp(-Math.abs(x));
        return Math.fma(-a, (x < 0 ? 1 : e) / (1 + e), 1 - t);
    }

    private static float clamped(float log) {
        return log < LEAST_LOG ? LEAST_LOG : log;
    }
}
