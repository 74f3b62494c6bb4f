package io.ketju.tensor.simd;

/**
 * The sum of a row as every reduction across vector lanes defines it: element i is added to virtual lane i mod 16, in
 * ascending order from +0, and the lanes are folded in halves: l with l+8, then l+4, l+2, l+1. A register of any width
 * gives the same bits.
 */
public final class LaneSum {
    /** Number of virtual lanes: the float lanes of the widest register. */
    public static final int LANES = 16;

    /** Elements of a block of a long row: such a row is cut into blocks, and their sums are added in double. */
    public static final int BLOCK = 4096;

    private final float[] lanes = new float[LANES];

    /** The sum of nothing yet. */
    public LaneSum() {}

    /**
     * Begins another sum.
     *
     * @return this
     */
    public LaneSum start() {
        java.util.Arrays.fill(lanes, 0);
        return this;
    }

    /**
     * Adds element {@code index} of the row.
     *
     * @param index from 0, ascending
     * @param value the element
     */
    public void add(int index, float value) {
        lanes[index & (LANES - 1)] += value;
    }

    /** {@return the sum of what was added since {@link #start}; it is over with this} */
    public float result() {
        return fold(lanes);
    }

    /**
     * {@return the sum of 16 lane sums}
     *
     * @param lanes {@link #LANES} of them, overwritten
     */
    public static float fold(float[] lanes) {
        for (int half = LANES / 2; half > 0; half /= 2) {
            for (int lane = 0; lane < half; lane++) {
                lanes[lane] += lanes[lane + half];
            }
        }
        return lanes[0];
    }
}
