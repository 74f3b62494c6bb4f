package io.ketju.tensor.simd;

import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link FloatTrigonometry} on vectors: the same operations in the same order on every lane. A vector with a lane
 * beyond the short reduction goes the scalar way.
 */
final class VectorTrigonometry {
    private static final FloatVector TWO_OVER_PI = VectorMath.floats(FloatTrigonometry.TWO_OVER_PI);
    private static final FloatVector ROUND = VectorMath.floats(FloatMath.ROUND);
    private static final FloatVector MINUS_HALF_PI_HIGH = VectorMath.floats(-FloatTrigonometry.HALF_PI_HIGH);
    private static final FloatVector MINUS_HALF_PI_MIDDLE = VectorMath.floats(-FloatTrigonometry.HALF_PI_MIDDLE);
    private static final FloatVector MINUS_HALF_PI_LOW = VectorMath.floats(-FloatTrigonometry.HALF_PI_LOW);
    private static final FloatVector S3 = VectorMath.floats(FloatTrigonometry.S3);
    private static final FloatVector S2 = VectorMath.floats(FloatTrigonometry.S2);
    private static final FloatVector S1 = VectorMath.floats(FloatTrigonometry.S1);
    private static final FloatVector S0 = VectorMath.floats(FloatTrigonometry.S0);
    private static final FloatVector C2 = VectorMath.floats(FloatTrigonometry.C2);
    private static final FloatVector C1 = VectorMath.floats(FloatTrigonometry.C1);
    private static final FloatVector C0 = VectorMath.floats(FloatTrigonometry.C0);
    private static final FloatVector MINUS_HALF = VectorMath.floats(-0.5f);
    private static final FloatVector ONE = VectorMath.floats(1);
    private static final FloatVector LIMIT = VectorMath.floats(FloatTrigonometry.LIMIT);

    private VectorTrigonometry() {}

    static FloatVector sin(FloatVector x) {
        return turned(x, 0);
    }

    static FloatVector cos(FloatVector x) {
        return turned(x, 1);
    }

    private static FloatVector turned(FloatVector x, int quarters) {
        if (x.abs().compare(VectorOperators.GT, LIMIT).anyTrue()) {
            float[] lanes = new float[LANES];
            x.intoArray(lanes, 0);
            oneByOne(lanes, quarters);
            return FloatVector.fromArray(SPECIES, lanes, 0);
        }
        FloatVector rounded = x.fma(TWO_OVER_PI, ROUND);
        FloatVector n = rounded.sub(ROUND);
        FloatVector r = n.fma(MINUS_HALF_PI_HIGH, x);
        r = n.fma(MINUS_HALF_PI_MIDDLE, r);
        r = n.fma(MINUS_HALF_PI_LOW, r);
        FloatVector result = polynomial(r, rounded.reinterpretAsInts().add(quarters));
        return quarters == 0 ? result.blend(x, x.eq(0)) : result;
    }

    private static FloatVector polynomial(FloatVector r, IntVector quadrant) {
        FloatVector s = r.mul(r);
        FloatVector p = s.fma(S3, S2);
        p = p.fma(s, S1);
        p = p.fma(s, S0);
        FloatVector sine = p.fma(r.mul(s), r);
        FloatVector q = s.fma(C2, C1);
        q = q.fma(s, C0);
        FloatVector cosine = q.fma(s.mul(s), s.fma(MINUS_HALF, ONE));
        VectorMask<Float> odd = quadrant.and(1).compare(VectorOperators.NE, 0).cast(SPECIES);
        IntVector sign = quadrant.and(2).lanewise(VectorOperators.LSHL, 30);
        IntVector magnitude = sine.blend(cosine, odd).reinterpretAsInts();
        return magnitude.lanewise(VectorOperators.XOR, sign).reinterpretAsFloats();
    }

    private static void oneByOne(float[] lanes, int quarters) {
        for (int lane = 0; lane < lanes.length; lane++) {
            lanes[lane] = quarters == 0 ? FloatTrigonometry.sin(lanes[lane]) : FloatTrigonometry.cos(lanes[lane]);
        }
    }
}
