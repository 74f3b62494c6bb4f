package io.ketju.tensor.simd;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.get;
import static io.ketju.tensor.simd.VectorMemory.set;

import io.ketju.tensor.memory.Scratch;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/**
 * The sums of {@link ColumnSum} of columns whose rows come one after the other, a part of the columns at a time. For one
 * thread.
 */
public final class RunningColumnSums {
    // Compiled on its own: it is rare, and would make what happens for each row too large for the callers.
    private static MethodHandle blockEnd =
            CompilationRoot.of(MethodHandles.lookup(), "fold", void.class, long.class, long.class, int.class);

    /** Of each column the sum of its present block, in float. */
    private long blocks;
    /** Of each column the sum of the blocks before, in double. */
    private long totals;

    /** One that {@link #begin} gives its memory. */
    public RunningColumnSums() {}

    /**
     * Begins sums of nothing yet; the same object serves for others later.
     *
     * @param scratch gives the memory; its owner releases it when the sums are over
     * @param columns how many, from 0
     * @return this
     */
    public RunningColumnSums begin(Scratch scratch, int columns) {
        long memory = scratch.address(bytes(columns));
        blocks = memory;
        totals = memory + floats(columns);
        VectorMemory.clear(memory, bytes(columns));
        return this;
    }

    /** Bytes of memory for so many columns. */
    private static long bytes(int columns) {
        return 3 * floats(columns);
    }

    private static long floats(int columns) {
        return Math.ceilDiv(columns * 4L, VECTOR) * VECTOR;
    }

    /**
     * {@return where the sum of the present block of a column lies: each row's number is added there, before {@link #added}}
     *
     * @param column from 0
     */
    public long address(int column) {
        return blocks + column * 4L;
    }

    /**
     * Says that a row was added to some columns.
     *
     * @param row from 0, ascending in each column
     * @param column first of them
     * @param n how many
     */
    public void added(int row, int column, int n) {
        if (row % ColumnSum.BLOCK == ColumnSum.BLOCK - 1) {
            endBlock(blocks + column * 4L, totals + column * 8L, n);
        }
    }

    /**
     * {@code y[j] += sum} over some columns. Ends their sums.
     *
     * @param y address of the number of the first of them
     * @param rows how many were added
     * @param column first of them
     * @param n how many
     */
    public void addTo(long y, int rows, int column, int n) {
        long sums = blocks + column * 4L;
        if (rows >= ColumnSum.BLOCK) {
            endBlock(blocks + column * 4L, totals + column * 8L, n);
            round(column, n);
        }
        VectorColumnSum.addBlock(sums, 0, 1, y, n);
    }

    private static void endBlock(long block, long total, int n) {
        try {
            blockEnd.invokeExact(block, total, n);
        } catch (Throwable e) {
            throw CompilationRoot.rethrow(e);
        }
    }

    /** Adds the sums of blocks to the totals. */
    static void fold(long block, long total, int n) {
        for (int i = 0; i < n; i++) {
            long single = total + i * 8L;
            VectorDoubles.set(single, VectorDoubles.get(single) + get(block + i * 4L));
            set(block + i * 4L, 0);
        }
    }

    /** The totals in place of the sums of blocks. */
    private void round(int column, int n) {
        long block = blocks + column * 4L;
        long total = totals + column * 8L;
        for (int i = 0; i < n; i++) {
            set(block + i * 4L, (float) VectorDoubles.get(total + i * 8L));
        }
    }
}
