package io.ketju.tensor.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** {@link FloatErrorFunction} on vectors: the same operations in the same order on every lane. */
final class VectorErrorFunction {
    private static final FloatVector S6 = VectorMath.floats(FloatErrorFunction.S6);
    private static final FloatVector S5 = VectorMath.floats(FloatErrorFunction.S5);
    private static final FloatVector S4 = VectorMath.floats(FloatErrorFunction.S4);
    private static final FloatVector S3 = VectorMath.floats(FloatErrorFunction.S3);
    private static final FloatVector S2 = VectorMath.floats(FloatErrorFunction.S2);
    private static final FloatVector S1 = VectorMath.floats(FloatErrorFunction.S1);
    private static final FloatVector S0 = VectorMath.floats(FloatErrorFunction.S0);
    private static final FloatVector C12 = VectorMath.floats(FloatErrorFunction.C12);
    private static final FloatVector C11 = VectorMath.floats(FloatErrorFunction.C11);
    private static final FloatVector C10 = VectorMath.floats(FloatErrorFunction.C10);
    private static final FloatVector C9 = VectorMath.floats(FloatErrorFunction.C9);
    private static final FloatVector C8 = VectorMath.floats(FloatErrorFunction.C8);
    private static final FloatVector C7 = VectorMath.floats(FloatErrorFunction.C7);
    private static final FloatVector C6 = VectorMath.floats(FloatErrorFunction.C6);
    private static final FloatVector C5 = VectorMath.floats(FloatErrorFunction.C5);
    private static final FloatVector C4 = VectorMath.floats(FloatErrorFunction.C4);
    private static final FloatVector C3 = VectorMath.floats(FloatErrorFunction.C3);
    private static final FloatVector C2 = VectorMath.floats(FloatErrorFunction.C2);
    private static final FloatVector C1 = VectorMath.floats(FloatErrorFunction.C1);
    private static final FloatVector C0 = VectorMath.floats(FloatErrorFunction.C0);
    private static final FloatVector ONE = VectorMath.floats(1);
    private static final FloatVector LIMIT = VectorMath.floats(FloatErrorFunction.LIMIT);
    private static final FloatVector CENTRE = VectorMath.floats(FloatErrorFunction.CENTRE);

    private VectorErrorFunction() {}

    static FloatVector erf(FloatVector x) {
        FloatVector a = x.abs();
        FloatVector large = large(a.blend(LIMIT, a.compare(VectorOperators.GT, LIMIT)));
        return VectorMath.withSign(large.blend(small(a), a.compare(VectorOperators.LT, ONE)), x);
    }

    private static FloatVector small(FloatVector a) {
        FloatVector s = a.mul(a);
        FloatVector p = s.fma(S6, S5);
        p = p.fma(s, S4);
        p = p.fma(s, S3);
        p = p.fma(s, S2);
        p = p.fma(s, S1);
        p = p.fma(s, S0);
        return p.fma(a, a);
    }

    private static FloatVector large(FloatVector a) {
        FloatVector t = a.sub(CENTRE);
        FloatVector p = t.fma(C12, C11);
        p = p.fma(t, C10);
        p = p.fma(t, C9);
        p = p.fma(t, C8);
        p = p.fma(t, C7);
        p = p.fma(t, C6);
        p = p.fma(t, C5);
        p = p.fma(t, C4);
        p = p.fma(t, C3);
        p = p.fma(t, C2);
        p = p.fma(t, C1);
        p = p.fma(t, C0);
        return ONE.sub(p);
    }
}
