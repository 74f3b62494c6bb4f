package io.ketju.tensor.simd;

import static io.ketju.tensor.simd.VectorMemory.ADDRESSES;
import static io.ketju.tensor.simd.VectorMemory.MEMORY;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * Vectors of doubles as wide as those of floats: two of them hold what one of floats holds. Half a vector of floats would
 * be easier to convert, but the compiler shares its profile between widths.
 */
public final class VectorDoubles {
    public static final VectorSpecies<Double> DOUBLES = VectorSpecies.of(double.class, SPECIES.vectorShape());

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

    public static double get(long address) {
        return MEMORY.get(DOUBLE, address & ADDRESSES);
    }

    public static void set(long address, double value) {
        MEMORY.set(DOUBLE, address & ADDRESSES, value);
    }
}
