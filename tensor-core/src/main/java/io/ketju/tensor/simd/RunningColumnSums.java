package io.ketju.tensor.simd;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.get;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.set;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.memory.Scratch;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * The sums of {@link ColumnSum} of columns whose rows come one after the other, a part of the columns at a time. For one
 * thread.
 */
public final class RunningColumnSums {
    /** Of each column the sum of its present block, in float. */
    private final long blocks;
    /** Of each column the sum of the blocks before, in double. */
    private final long totals;

    private RunningColumnSums(long memory, int columns) {
        blocks = memory;
        totals = memory + floats(columns);
        VectorMemory.clear(memory, bytes(columns));
    }

    /** Sums of nothing yet, in memory of a scratch. */
    public static RunningColumnSums of(Scratch scratch, int columns) {
        return new RunningColumnSums(scratch.address(bytes(columns)), columns);
    }

    /** Bytes of memory for so many columns. */
    private static long bytes(int columns) {
        return 3 * floats(columns);
    }

    private static long floats(int columns) {
        return Math.ceilDiv(columns * 4L, VECTOR) * VECTOR;
    }

    /** Adds a row's n numbers at x to the columns from {@code column} on. Rows count from 0 and ascend in each column. */
    public void add(int row, long x, int column, int n) {
        long block = blocks + column * 4L;
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            store(load(block + i * 4L).add(load(x + i * 4L)), block + i * 4L);
        }
        if (i < n) {
            VectorMask<Float> rest = first(n - i);
            store(load(block + i * 4L, rest).add(load(x + i * 4L, rest)), block + i * 4L, rest);
        }
        if (row % ColumnSum.BLOCK == ColumnSum.BLOCK - 1) {
            endBlock(column, n);
        }
    }

    /** {@code y[j] += sum} over n columns from {@code column} on, of which so many rows were added. Ends these sums. */
    public void addTo(long y, int rows, int column, int n) {
        long sums = blocks + column * 4L;
        if (rows >= ColumnSum.BLOCK) {
            endBlock(column, n);
            round(column, n);
        }
        VectorColumnSum.addBlock(sums, 0, 1, y, n);
    }

    private void endBlock(int column, int n) {
        long block = blocks + column * 4L;
        long total = totals + column * 8L;
        FloatVector zero = FloatVector.zero(SPECIES);
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            FloatVector v = load(block + i * 4L);
            VectorDoubles.store(VectorDoubles.load(total + i * 8L).add(VectorDoubles.low(v)), total + i * 8L);
            long high = total + i * 8L + VECTOR;
            VectorDoubles.store(VectorDoubles.load(high).add(VectorDoubles.high(v)), high);
            store(zero, block + i * 4L);
        }
        for (; i < n; i++) {
            long single = total + i * 8L;
            VectorDoubles.set(single, VectorDoubles.get(single) + get(block + i * 4L));
            set(block + i * 4L, 0);
        }
    }

    /** The totals in place of the sums of blocks. */
    private void round(int column, int n) {
        long block = blocks + column * 4L;
        long total = totals + column * 8L;
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            long low = total + i * 8L;
            store(VectorDoubles.rounded(VectorDoubles.load(low), VectorDoubles.load(low + VECTOR)), block + i * 4L);
        }
        for (; i < n; i++) {
            set(block + i * 4L, (float) VectorDoubles.get(total + i * 8L));
        }
    }
}
