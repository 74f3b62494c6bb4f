package io.ketju.tensor.kernel.attention;

import static io.ketju.tensor.kernel.attention.Layout.ROW;
import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorSum.REGISTERS;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.simd.CompilationRoot;
import io.ketju.tensor.simd.LaneSum;
import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorSum;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * A block of queries made ready for backward: tiles of q and dy, logSums and deltas of the queries, and copies of q and
 * dy where their rows are no whole panels.
 *
 * @param at address of the memory, {@link #bytes} of it
 * @param q address of the rows of q
 * @param dy address of the rows of dy
 * @param queries rows of the block
 */
record QueryBlock(Layout layout, long at, long q, long dy, int queries) {
    // Compiled on its own, as those of BlockWeights.
    private static MethodHandle product =
            CompilationRoot.of(MethodHandles.lookup(), "productOfRows", float.class, long.class, long.class, int.class);

    static long bytes(Layout layout) {
        return 2 * layout.tileBytes() + 2 * ROW + 2 * layout.copyBytes();
    }

    long queryTile() {
        return at;
    }

    long gradientTile() {
        return at + layout.tileBytes();
    }

    /** The logSums of the queries; their deltas follow, {@link Layout#ROW} behind. */
    long lines() {
        return at + 2 * layout.tileBytes();
    }

    /** q as a right operand. */
    Products.Rows queryRows() {
        return new Products.Rows(layout, layout.whole() ? q : lines() + 2 * ROW, queries);
    }

    /** dy as a right operand. */
    Products.Rows gradientRows() {
        long copy = lines() + 2 * ROW + layout.copyBytes();
        return new Products.Rows(layout, layout.whole() ? dy : copy, queries);
    }

    /**
     * Fills the memory.
     *
     * @param y address of the rows of y
     * @param buffer as {@link io.ketju.tensor.simd.VectorTranspose} needs it
     */
    void prepare(float scale, long y, long logSums, long buffer) {
        QueryTile.fromRows(layout, q, queries, scale, queryTile(), buffer);
        QueryTile.fromRows(layout, dy, queries, 1, gradientTile(), buffer);
        VectorMemory.clear(lines(), 2 * ROW);
        for (int i = 0; i < queries; i++) {
            long row = i * layout.rowBytes();
            float logSum = VectorMemory.get(logSums + 4L * i);
            // A query without keys has scores of -infinity only: their weights are zero against any number.
            VectorMemory.set(lines() + 4L * i, logSum == Float.NEGATIVE_INFINITY ? 0 : logSum);
            VectorMemory.set(lines() + ROW + 4L * i, product(dy + row, y + row));
        }
        if (!layout.whole()) {
            copyRows(q, queryRows().at());
            copyRows(dy, gradientRows().at());
        }
    }

    private void copyRows(long x, long to) {
        VectorMemory.clear(to, queries * layout.stride());
        for (int i = 0; i < queries; i++) {
            VectorMemory.copy(x + i * layout.rowBytes(), to + i * layout.stride(), layout.rowBytes());
        }
    }

    private float product(long dy, long y) {
        try {
            return (float) product.invokeExact(dy, y, layout.width());
        } catch (Throwable e) {
            throw CompilationRoot.rethrow(e);
        }
    }

    static float productOfRows(long x, long y, int count) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        int i = 0;
        for (; i <= count - LaneSum.LANES; i += LaneSum.LANES) {
            s0 = load(x + 4L * i).fma(load(y + 4L * i), s0);
            if (REGISTERS >= 2) {
                s1 = load(x + 4L * i + VECTOR).fma(load(y + 4L * i + VECTOR), s1);
            }
            if (REGISTERS == 4) {
                s2 = load(x + 4L * i + 2 * VECTOR).fma(load(y + 4L * i + 2 * VECTOR), s2);
                s3 = load(x + 4L * i + 3 * VECTOR).fma(load(y + 4L * i + 3 * VECTOR), s3);
            }
        }
        if (i < count) {
            s0 = rest(x + 4L * i, y + 4L * i, count - i, s0);
            if (REGISTERS >= 2) {
                s1 = rest(x + 4L * i + VECTOR, y + 4L * i + VECTOR, count - i - LANES, s1);
            }
            if (REGISTERS == 4) {
                s2 = rest(x + 4L * i + 2 * VECTOR, y + 4L * i + 2 * VECTOR, count - i - 2 * LANES, s2);
                s3 = rest(x + 4L * i + 3 * VECTOR, y + 4L * i + 3 * VECTOR, count - i - 3 * LANES, s3);
            }
        }
        return VectorSum.fold(s0, s1, s2, s3);
    }

    /** The other lanes keep their bits: even adding a zero could change the sign of one. */
    private static FloatVector rest(long x, long y, int count, FloatVector sum) {
        VectorMask<Float> lanes = first(Math.max(0, count));
        return sum.blend(load(x, lanes).fma(load(y, lanes), sum), lanes);
    }
}
