package io.ketju.tensor.kernel.activation;

import static io.ketju.tensor.simd.VectorWidth.SPECIES;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LT;

import io.ketju.tensor.simd.VectorMath;
import jdk.incubator.vector.FloatVector;

/** The longer ones of {@link ActivationFormulas} on vectors: the same operations in the same order on every lane. */
final class VectorFormulas {
    private static final FloatVector ZERO = FloatVector.zero(SPECIES);
    private static final FloatVector ONE = all(1);
    private static final FloatVector TWO = all(2);
    private static final FloatVector THREE = all(3);
    private static final FloatVector FOUR = all(4);
    private static final FloatVector SIX = all(6);
    private static final FloatVector SIXTH = all(ActivationFormulas.SIXTH);
    private static final FloatVector HALF = all(0.5f);
    private static final FloatVector MINUS_HALF = all(-0.5f);
    private static final FloatVector SQRT_HALF = all(ActivationFormulas.SQRT_HALF);
    private static final FloatVector DENSITY = all(ActivationFormulas.DENSITY);
    private static final FloatVector TANH_CUBE = all(ActivationFormulas.TANH_CUBE);
    private static final FloatVector TANH_FACTOR = all(ActivationFormulas.TANH_FACTOR);
    private static final FloatVector INNER_SQUARE = all(-3 * ActivationFormulas.TANH_CUBE);
    private static final FloatVector INNER = all(-ActivationFormulas.TANH_FACTOR);
    private static final FloatVector MISH_MAX = all(ActivationFormulas.MISH_MAX);

    private VectorFormulas() {}

    static FloatVector gelu(FloatVector x) {
        FloatVector half = x.mul(HALF);
        return half.fma(VectorMath.erf(x.mul(SQRT_HALF)), half);
    }

    /** {@code (1 + erf(x / sqrt(2))) / 2} */
    static FloatVector normal(FloatVector x) {
        return VectorMath.erf(x.mul(SQRT_HALF)).fma(HALF, HALF);
    }

    /** The derivative of GELU from {@link #normal}. */
    static FloatVector geluSlope(FloatVector x, FloatVector normal) {
        FloatVector density = VectorMath.expNormal(x.mul(x).mul(MINUS_HALF)).mul(DENSITY);
        return x.fma(density, normal);
    }

    static FloatVector geluTanh(FloatVector x) {
        return x.div(onePlusExp(x.mul(x.mul(x).fma(TANH_CUBE, TANH_FACTOR))));
    }

    static FloatVector geluTanhSlope(FloatVector x) {
        FloatVector square = x.mul(x);
        FloatVector s = ONE.div(onePlusExp(x.mul(square.fma(TANH_CUBE, TANH_FACTOR))));
        FloatVector inner = square.fma(INNER_SQUARE, INNER);
        return x.mul(s).mul(ONE.sub(s)).fma(inner, s);
    }

    static FloatVector silu(FloatVector x) {
        return x.div(onePlusExp(x.neg()));
    }

    static FloatVector siluSlope(FloatVector x) {
        FloatVector s = ONE.div(onePlusExp(x.neg()));
        return s.mul(x.fma(ONE.sub(s), ONE));
    }

    static FloatVector mish(FloatVector x) {
        FloatVector e = VectorMath.expNormal(x.blend(MISH_MAX, x.compare(GT, MISH_MAX)));
        FloatVector n = e.mul(e.add(TWO));
        return x.mul(n.div(n.add(TWO)));
    }

    static FloatVector mishSlope(FloatVector x) {
        FloatVector clamped = x.blend(MISH_MAX, x.compare(GT, MISH_MAX));
        FloatVector e = VectorMath.expNormal(clamped);
        FloatVector n = e.mul(e.add(TWO));
        FloatVector inverse = ONE.div(n.add(TWO));
        FloatVector slope = FOUR.mul(e.mul(e.add(ONE))).mul(inverse.mul(inverse));
        return clamped.fma(slope, n.mul(inverse));
    }

    static FloatVector positive(FloatVector x) {
        return x.blend(ZERO, x.compare(LE, ZERO));
    }

    static FloatVector hardsigmoid(FloatVector x) {
        FloatVector t = x.add(THREE);
        return t.blend(ZERO, t.compare(LT, ZERO)).blend(SIX, t.compare(GT, SIX)).mul(SIXTH);
    }

    static FloatVector onePlusExp(FloatVector x) {
        return ONE.add(VectorMath.expNormal(x));
    }

    private static FloatVector all(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }
}
