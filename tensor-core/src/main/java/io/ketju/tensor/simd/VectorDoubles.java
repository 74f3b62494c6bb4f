package io.ketju.tensor.simd;

import static io.ketju.tensor.simd.VectorMemory.ADDRESSES;
import static io.ketju.tensor.simd.VectorMemory.MEMORY;
import static io.ketju.tensor.simd.VectorMemory.ORDER;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** Vectors of doubles as wide as those of floats: two of them hold what one of floats holds. */
public final class VectorDoubles {
    public static final VectorSpecies<Double> DOUBLES = VectorSpecies.of(double.class, SPECIES.vectorShape());

    /** As many floats as there are doubles. */
    private static final VectorSpecies<Float> HALF =
            VectorSpecies.of(float.class, VectorShape.forBitSize(SPECIES.vectorBitSize() / 2));

    private static final VectorShuffle<Double> BY_4 = VectorShuffle.iota(DOUBLES, 4 % DOUBLES.length(), 1, true);
    private static final VectorShuffle<Double> BY_2 = VectorShuffle.iota(DOUBLES, 2 % DOUBLES.length(), 1, true);
    private static final VectorShuffle<Double> BY_1 = VectorShuffle.iota(DOUBLES, 1, 1, true);
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

    private VectorDoubles() {}

    /** The first half of the floats. */
    public static DoubleVector low(FloatVector v) {
        return (DoubleVector) v.convertShape(VectorOperators.F2D, DOUBLES, 0);
    }

    /** The second half of the floats. */
    public static DoubleVector high(FloatVector v) {
        return (DoubleVector) v.convertShape(VectorOperators.F2D, DOUBLES, 1);
    }

    /** Both halves rounded to floats. -0 becomes +0. */
    public static FloatVector rounded(DoubleVector low, DoubleVector high) {
        FloatVector first = (FloatVector) low.convertShape(VectorOperators.D2F, SPECIES, 0);
        return first.add((FloatVector) high.convertShape(VectorOperators.D2F, SPECIES, -1));
    }

    /** The sum of all lanes, folded in halves as {@link LaneSum#fold} does. */
    public static double fold(DoubleVector v) {
        DoubleVector sum = v;
        if (DOUBLES.length() == 8) {
            sum = sum.add(sum.rearrange(BY_4));
        }
        if (DOUBLES.length() >= 4) {
            sum = sum.add(sum.rearrange(BY_2));
        }
        return sum.add(sum.rearrange(BY_1)).lane(0);
    }

    /** As many floats as fit, each as a double. */
    public static DoubleVector loadFloats(long address) {
        FloatVector half = FloatVector.fromMemorySegment(HALF, MEMORY, address & ADDRESSES, ORDER);
        return (DoubleVector) half.convertShape(VectorOperators.F2D, DOUBLES, 0);
    }

    public static DoubleVector load(long address) {
        return DoubleVector.fromMemorySegment(DOUBLES, MEMORY, address & ADDRESSES, ORDER);
    }

    public static void store(DoubleVector vector, long address) {
        vector.intoMemorySegment(MEMORY, address & ADDRESSES, ORDER);
    }

    public static double get(long address) {
        return MEMORY.get(DOUBLE, address & ADDRESSES);
    }

    public static void set(long address, double value) {
        MEMORY.set(DOUBLE, address & ADDRESSES, value);
    }
}
