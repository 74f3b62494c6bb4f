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
    /** Doubles as wide as the vectors of floats: half as many. */
    public static final VectorSpecies<Double> DOUBLES = VectorSpecies.of(double.class, SPECIES.vectorShape());

    private static final VectorShuffle<Double> BY_4 = VectorShuffle.iota(DOUBLES, 4 % DOUBLES.length(), 1, true);
    private static final VectorShuffle<Double> BY_2 = VectorShuffle.iota(DOUBLES, 2 % DOUBLES.length(), 1, true);
    private static final VectorShuffle<Double> BY_1 = VectorShuffle.iota(DOUBLES, 1, 1, true);
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED;

    private VectorDoubles() {}

    /**
     * {@return the first half of the floats, exactly}
     *
     * @param v floats
     */
    public static DoubleVector low(FloatVector v) {
        return (DoubleVector) v.convertShape(VectorOperators.F2D, DOUBLES, 0);
    }

    /**
     * {@return the second half of the floats, exactly}
     *
     * @param v floats
     */
    public static DoubleVector high(FloatVector v) {
        return (DoubleVector) v.convertShape(VectorOperators.F2D, DOUBLES, 1);
    }

    /**
     * {@return the sum of all lanes, folded in halves as {@link LaneSum#fold} does}
     *
     * @param v lane sums
     */
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

    /**
     * {@return the double at an address}
     *
     * @param address of any alignment, not checked
     */
    public static double get(long address) {
        return MEMORY.get(DOUBLE, address & ADDRESSES);
    }

    /**
     * Overwrites the double at an address.
     *
     * @param address of any alignment, not checked
     * @param value any number
     */
    public static void set(long address, double value) {
        MEMORY.set(DOUBLE, address & ADDRESSES, value);
    }
}
