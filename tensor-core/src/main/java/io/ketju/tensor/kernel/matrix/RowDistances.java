package io.ketju.tensor.kernel.matrix;

import io.ketju.tensor.simd.VectorMemory;

/** Tables of where the rows of b lie that are all equally far apart. */
final class RowDistances {
    private static final long[] PACKED = table(RightPanels.VECTORS * VectorMemory.VECTOR);
    private static final long[] PACKED_NARROW = table(VectorMemory.VECTOR);

    /** The table that was last asked for: one product asks for the same many times. */
    private static volatile long[] last = PACKED;

    private RowDistances() {}

    /** Each row of so many vectors right behind the one before. */
    static long[] packed(int vectors) {
        return vectors == RightPanels.VECTORS ? PACKED : PACKED_NARROW;
    }

    /** Each row so many bytes behind the one before. */
    static long[] of(long step) {
        long[] table = last;
        if (table[1] != step) {
            table = table(step);
            last = table;
        }
        return table;
    }

    private static long[] table(long step) {
        long[] table = new long[MatrixKernels.K_BLOCK];
        for (int k = 0; k < table.length; k++) {
            table[k] = k * step;
        }
        return table;
    }
}
