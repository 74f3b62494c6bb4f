package io.ketju.layers;

import io.ketju.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.BitSet;

/**
 * Which rows of a table's gradient something was added to since it was cleared: a sparse gradient is these rows of it, each
 * once and ascending, in whatever order micro-batches and uses came. All others are zeros. Not thread-safe.
 */
public final class TouchedRows {
    private static final int AT_ONCE = 256;

    private final int rows;
    private final BitSet touched;

    /** Indexes are taken out of their memory some at a time, which is checked once for all of them. */
    private final int[] some = new int[AT_ONCE];

    /**
     * None yet.
     *
     * @param rows how many the table has
     */
    public TouchedRows(int rows) {
        this.rows = rows;
        touched = new BitSet(rows);
    }

    /**
     * These too.
     *
     * @param indices int32, each of a row of the table
     * @param padding the index that is left out; any that is below 0 for none
     */
    public void add(Tensor indices, int padding) {
        MemorySegment memory = indices.segment();
        for (int i = 0; i < indices.elements(); i += AT_ONCE) {
            int count = Math.min(AT_ONCE, indices.elements() - i);
            MemorySegment.copy(memory, ValueLayout.JAVA_INT_UNALIGNED, 4L * i, some, 0, count);
            for (int j = 0; j < count; j++) {
                if (some[j] != padding) {
                    touched.set(some[j]);
                }
            }
        }
    }

    /**
     * These too.
     *
     * @param others of a table of as many rows
     */
    public void add(TouchedRows others) {
        touched.or(others.touched);
    }

    /** All of them: something was added that has no rows. */
    public void addAll() {
        touched.set(0, rows);
    }

    /**
     * Clears these rows of a table, and with them the notes.
     *
     * @param table of as many rows, outermost; its other rows are not written
     */
    public void clear(Tensor table) {
        MemorySegment memory = table.segment();
        long bytes = memory.byteSize() / rows;
        for (int from = touched.nextSetBit(0); from >= 0; ) {
            int end = touched.nextClearBit(from);
            memory.asSlice(from * bytes, (end - from) * bytes).fill((byte) 0);
            from = touched.nextSetBit(end);
        }
        touched.clear();
    }

    /** {@return how many rows are touched} */
    public int count() {
        return touched.cardinality();
    }

    /** {@return whether at least half of the table's rows are touched: then a pass over all of it is less than to gather those} */
    public boolean isMost() {
        return 2L * count() >= rows;
    }

    /**
     * Overwrites elements of a tensor, as many as there are rows left and room, by the next rows.
     *
     * @param from the first row that may be among them
     * @param list int32
     * @return how many
     */
    public int list(int from, Tensor list) {
        int listed = 0;
        for (int row = touched.nextSetBit(from);
                row >= 0 && listed < list.elements();
                row = touched.nextSetBit(row + 1)) {
            list.setInt(listed++, row);
        }
        return listed;
    }
}
