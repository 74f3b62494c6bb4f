package io.ketju.tensor.simd;

import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** {@link FloatPower} on vectors: the same operations in the same order on every lane, in two halves of doubles. */
final class VectorPower {
    private static final VectorSpecies<Double> DOUBLES = VectorSpecies.of(double.class, SPECIES.vectorShape());

    private static final FloatVector NAN = VectorMath.floats(Float.NaN);
    private static final DoubleVector L4 = doubles(FloatPower.L4);
    private static final DoubleVector L3 = doubles(FloatPower.L3);
    private static final DoubleVector L2 = doubles(FloatPower.L2);
    private static final DoubleVector L1 = doubles(FloatPower.L1);
    private static final DoubleVector L0 = doubles(FloatPower.L0);
    private static final DoubleVector E7 = doubles(FloatPower.E7);
    private static final DoubleVector E6 = doubles(FloatPower.E6);
    private static final DoubleVector E5 = doubles(FloatPower.E5);
    private static final DoubleVector E4 = doubles(FloatPower.E4);
    private static final DoubleVector E3 = doubles(FloatPower.E3);
    private static final DoubleVector E2 = doubles(FloatPower.E2);
    private static final DoubleVector E1 = doubles(FloatPower.E1);
    private static final DoubleVector E0 = doubles(FloatPower.E0);
    private static final DoubleVector ROUND_BIASED = doubles(FloatPower.ROUND_BIASED);
    private static final DoubleVector ONE = doubles(1);
    private static final LongVector SQRT_HALF_BITS = longs(FloatPower.SQRT_HALF_BITS);
    private static final LongVector EXPONENT_MASK = longs(FloatPower.EXPONENT_MASK);
    private static final LongVector BIAS_BITS = longs(FloatPower.BIAS_BITS);
    private static final LongVector ROUND_BITS = longs(FloatPower.ROUND_BITS);
    private static final DoubleVector LEAST = doubles(-FloatPower.EXPONENT_LIMIT);
    private static final DoubleVector GREATEST = doubles(FloatPower.EXPONENT_LIMIT);

    private VectorPower() {}

    static FloatVector pow(FloatVector x, FloatVector y) {
        FloatVector a = x.abs();
        FloatVector low = half(a, y, 0);
        FloatVector high = half(a, y, 1);
        FloatVector magnitude =
                low.reinterpretAsInts().or(high.reinterpretAsInts()).reinterpretAsFloats();
        return sign(x, y, ends(a, y, magnitude));
    }

    private static FloatVector half(FloatVector a, FloatVector y, int part) {
        DoubleVector w = log2((DoubleVector) a.convertShape(VectorOperators.F2D, DOUBLES, part))
                .mul((DoubleVector) y.convertShape(VectorOperators.F2D, DOUBLES, part));
        return (FloatVector) exp2(w).convertShape(VectorOperators.D2F, SPECIES, -part);
    }

    private static DoubleVector log2(DoubleVector a) {
        LongVector bits = a.reinterpretAsLongs();
        LongVector shifted = bits.sub(SQRT_HALF_BITS);
        DoubleVector m = bits.sub(shifted.and(EXPONENT_MASK)).reinterpretAsDoubles();
        DoubleVector e = shifted.add(BIAS_BITS)
                .lanewise(VectorOperators.LSHR, FloatPower.MANTISSA_BITS)
                .add(ROUND_BITS)
                .reinterpretAsDoubles()
                .sub(ROUND_BIASED);
        DoubleVector s = m.sub(ONE).div(m.add(ONE));
        DoubleVector z = s.mul(s);
        DoubleVector p = z.fma(L4, L3);
        p = p.fma(z, L2);
        p = p.fma(z, L1);
        p = p.fma(z, L0);
        return p.fma(s, e);
    }

    private static DoubleVector exp2(DoubleVector exponent) {
        DoubleVector w = exponent.blend(LEAST, exponent.compare(VectorOperators.LT, LEAST));
        w = w.blend(GREATEST, exponent.compare(VectorOperators.GT, GREATEST));
        DoubleVector rounded = w.add(ROUND_BIASED);
        DoubleVector f = w.sub(rounded.sub(ROUND_BIASED));
        DoubleVector q = f.fma(E7, E6);
        q = q.fma(f, E5);
        q = q.fma(f, E4);
        q = q.fma(f, E3);
        q = q.fma(f, E2);
        q = q.fma(f, E1);
        q = q.fma(f, E0);
        return q.mul(rounded.reinterpretAsLongs()
                .lanewise(VectorOperators.LSHL, FloatPower.MANTISSA_BITS)
                .reinterpretAsDoubles());
    }

    /** Magnitudes of powers of 0, 1 and infinity. */
    private static FloatVector ends(FloatVector a, FloatVector y, FloatVector magnitude) {
        VectorMask<Float> number = y.eq(y);
        VectorMask<Float> grows = y.compare(VectorOperators.GT, 0).eq(a.compare(VectorOperators.GT, 1));
        VectorMask<Float> end = a.eq(0).or(a.eq(Float.POSITIVE_INFINITY)).and(number);
        return magnitude
                .blend(FloatVector.zero(SPECIES).blend(Float.POSITIVE_INFINITY, grows), end)
                .blend(1, a.eq(1).and(number));
    }

    private static FloatVector sign(FloatVector x, FloatVector y, FloatVector magnitude) {
        FloatVector b = y.abs();
        FloatVector shifted = b.add(FloatPower.ALL_INTEGERS);
        VectorMask<Float> large = b.compare(VectorOperators.GE, FloatPower.ALL_INTEGERS);
        VectorMask<Float> integer =
                large.or(shifted.sub(FloatPower.ALL_INTEGERS).eq(b));
        VectorMask<Float> odd = shifted.blend(b, large)
                .reinterpretAsInts()
                .and(1)
                .compare(VectorOperators.NE, 0)
                .cast(SPECIES)
                .and(integer)
                .and(b.lt(2 * FloatPower.ALL_INTEGERS));
        FloatVector a = x.abs();
        VectorMask<Float> real = integer.or(x.compare(VectorOperators.GE, 0))
                .or(a.eq(Float.POSITIVE_INFINITY))
                .or(a.eq(0));
        FloatVector signed = magnitude.blend(VectorMath.withSign(magnitude, x), odd);
        return NAN.blend(signed, real)
                .blend(x, x.compare(VectorOperators.NE, x))
                .blend(1, y.eq(0).or(x.eq(1)));
    }

    private static DoubleVector doubles(double value) {
        return DoubleVector.broadcast(DOUBLES, value);
    }

    private static LongVector longs(long value) {
        return LongVector.broadcast(DOUBLES.withLanes(long.class), value);
    }
}
