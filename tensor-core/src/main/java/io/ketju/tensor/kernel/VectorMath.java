package io.ketju.tensor.kernel;

import static io.ketju.tensor.kernel.VectorWidth.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** {@link FloatMath} on vectors: the same operations in the same order on every lane. */
final class VectorMath {
    private VectorMath() {}

    static FloatVector exp(FloatVector x) {
        FloatVector clamped = x.blend(FloatMath.EXP_MIN, x.lt(FloatMath.EXP_MIN))
                .blend(FloatMath.EXP_MAX, x.compare(VectorOperators.GT, FloatMath.EXP_MAX));
        FloatVector rounded = clamped.fma(broadcast(FloatMath.LOG2_E), broadcast(FloatMath.ROUND));
        FloatVector n = rounded.sub(FloatMath.ROUND);
        FloatVector r = n.fma(broadcast(-FloatMath.LN2_LOW), n.fma(broadcast(-FloatMath.LN2_HIGH), clamped));
        FloatVector p = r.fma(broadcast(FloatMath.E6), broadcast(FloatMath.E5));
        p = p.fma(r, broadcast(FloatMath.E4));
        p = p.fma(r, broadcast(FloatMath.E3));
        p = p.fma(r, broadcast(FloatMath.E2));
        p = p.fma(r, broadcast(1));
        p = p.fma(r, broadcast(1));
        IntVector exponent = rounded.reinterpretAsInts().sub(FloatMath.ROUND_BITS);
        IntVector half = exponent.lanewise(VectorOperators.ASHR, 1);
        return p.mul(powerOfTwo(half)).mul(powerOfTwo(exponent.sub(half)));
    }

    static FloatVector log(FloatVector x) {
        var subnormal = x.lt(Float.MIN_NORMAL);
        FloatVector scaled = x.blend(x.mul(FloatMath.SUBNORMAL_SCALE), subnormal);
        IntVector bits = scaled.reinterpretAsInts().sub(FloatMath.SQRT_HALF_BITS);
        FloatVector e = bits.lanewise(VectorOperators.ASHR, FloatMath.MANTISSA_BITS)
                .add(FloatMath.ROUND_BITS)
                .reinterpretAsFloats()
                .sub(FloatMath.ROUND);
        e = e.blend(e.sub(FloatMath.SUBNORMAL_EXPONENT), subnormal);
        FloatVector r = bits.and(FloatMath.MANTISSA_MASK)
                .add(FloatMath.SQRT_HALF_BITS)
                .reinterpretAsFloats()
                .sub(1);
        FloatVector square = r.mul(r);
        FloatVector p = r.fma(broadcast(FloatMath.L11), broadcast(FloatMath.L10));
        p = p.fma(r, broadcast(FloatMath.L9));
        p = p.fma(r, broadcast(FloatMath.L8));
        p = p.fma(r, broadcast(FloatMath.L7));
        p = p.fma(r, broadcast(FloatMath.L6));
        p = p.fma(r, broadcast(FloatMath.L5));
        p = p.fma(r, broadcast(FloatMath.L4));
        p = p.fma(r, broadcast(FloatMath.L3));
        FloatVector y = e.fma(broadcast(FloatMath.LN2_LOW), p.mul(r.mul(square)));
        y = square.fma(broadcast(-0.5f), y);
        FloatVector result = e.fma(broadcast(FloatMath.LN2_HIGH), r.add(y));
        return x.blend(result, x.lt(Float.POSITIVE_INFINITY))
                .blend(Float.NaN, x.lt(0))
                .blend(Float.NEGATIVE_INFINITY, x.eq(0));
    }

    static FloatVector tanh(FloatVector x) {
        FloatVector a = x.abs();
        FloatVector square = a.mul(a);
        FloatVector p = square.fma(broadcast(FloatMath.T15), broadcast(FloatMath.T13));
        p = p.fma(square, broadcast(FloatMath.T11));
        p = p.fma(square, broadcast(FloatMath.T9));
        p = p.fma(square, broadcast(FloatMath.T7));
        p = p.fma(square, broadcast(FloatMath.T5));
        p = p.fma(square, broadcast(FloatMath.T3));
        FloatVector small = a.mul(square).fma(p, a);
        FloatVector large = broadcast(1).sub(broadcast(2).div(exp(a.add(a)).add(1)));
        IntVector magnitude = large.blend(small, a.lt(1)).reinterpretAsInts();
        return magnitude.or(x.reinterpretAsInts().and(FloatMath.SIGN_BIT)).reinterpretAsFloats();
    }

    private static FloatVector powerOfTwo(IntVector exponent) {
        return exponent.add(FloatMath.EXPONENT_BIAS)
                .lanewise(VectorOperators.LSHL, FloatMath.MANTISSA_BITS)
                .reinterpretAsFloats();
    }

    private static FloatVector broadcast(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }
}
