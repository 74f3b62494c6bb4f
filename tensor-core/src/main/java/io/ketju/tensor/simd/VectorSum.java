package io.ketju.tensor.simd;

import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/**
 * The last step of {@link LaneSum} on vectors. Its 16 virtual lanes lie in one register of 512 bits, two of 256 or four
 * of 128. Loops keep four accumulators and use the first {@link #REGISTERS}; as that is a constant, the compiler drops
 * the others.
 */
public final class VectorSum {
    /** Registers that the virtual lanes take: element i goes to register {@code i / LANES mod REGISTERS}. */
    public static final int REGISTERS = LaneSum.LANES / LANES;

    private static final VectorShuffle<Float> BY_8 = VectorShuffle.iota(SPECIES, 8 % LANES, 1, true);
    private static final VectorShuffle<Float> BY_4 = VectorShuffle.iota(SPECIES, 4 % LANES, 1, true);
    private static final VectorShuffle<Float> BY_2 = VectorShuffle.iota(SPECIES, 2, 1, true);
    private static final VectorShuffle<Float> BY_1 = VectorShuffle.iota(SPECIES, 1, 1, true);

    private VectorSum() {}

    /**
     * {@return the sum of all virtual lanes, folded in halves as {@link LaneSum#fold} does} Only the first {@link #REGISTERS} count.
     *
     * @param s0 the first virtual lanes
     * @param s1 the next ones
     * @param s2 those of the third register
     * @param s3 those of the fourth register
     */
    public static float fold(FloatVector s0, FloatVector s1, FloatVector s2, FloatVector s3) {
        FloatVector sum;
        if (LANES == 16) {
            sum = s0.add(s0.rearrange(BY_8));
            sum = sum.add(sum.rearrange(BY_4));
        } else if (LANES == 8) {
            sum = s0.add(s1);
            sum = sum.add(sum.rearrange(BY_4));
        } else {
            sum = s0.add(s2).add(s1.add(s3));
        }
        sum = sum.add(sum.rearrange(BY_2));
        return sum.add(sum.rearrange(BY_1)).lane(0);
    }
}
