package io.ketju.tensor.kernel.matrix;

import io.ketju.tensor.simd.VectorMemory;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;

/** Tables of where the rows of b lie that are all equally far apart. */
final class RowDistances {
    /** By the number of vectors. */
    private static final long[][] PACKED = IntStream.rangeClosed(0, RightPanels.VECTORS)
            .mapToObj(vectors -> table(vectors * VectorMemory.VECTOR))
            .toArray(long[][]::new);

    /** Tables that were asked for lately, each where its distance belongs: a step of training asks for the same ones. */
    private static final AtomicReferenceArray<long[]> LATELY = new AtomicReferenceArray<>(64);

    private RowDistances() {}

    /** Each row of so many vectors right behind the one before. */
    static long[] packed(int vectors) {
        return PACKED[vectors];
    }

    /** Each row so many bytes behind the one before. */
    static long[] of(long step) {
        int place = Long.hashCode(step * 0x9E3779B97F4A7C15L) >>> 26;
        long[] table = LATELY.get(place);
        if (table == null || table[1] != step) {
            table = table(step);
            LATELY.set(place, table);
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
