package io.ketju.tensor.kernel.sparse;

import static io.ketju.tensor.simd.VectorMemory.get;
import static io.ketju.tensor.simd.VectorMemory.getInt;
import static io.ketju.tensor.simd.VectorMemory.set;
import static io.ketju.tensor.simd.VectorMemory.setInt;

import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.VectorMemory;

/**
 * The elements of a sparse matrix sorted by column, those of one column in their order: so what belongs to a row of the
 * transposed product lies together. Where there are more columns than buckets to sort by, neighbouring columns share one,
 * and their elements take turns in it.
 *
 * @param columns address of the column of each element
 * @param rows address of the row of each
 * @param values address of the value of each
 * @param ends address of where each bucket ends
 */
record ColumnOrder(int elements, int buckets, long columns, long rows, long values, long ends) {
    /** Counters that fit the fastest cache. */
    private static final int MOST_BUCKETS = 4096;

    /** Elements of a part, or a few more or fewer: parts begin with a bucket. */
    private static final int PART = 256;

    private static final long BYTES = Integer.BYTES;

    /** In memory of the scratch. */
    static ColumnOrder of(CsrMatrix a, Scratch scratch) {
        int shift = 0;
        while ((a.columns() - 1) >> shift >= MOST_BUCKETS) {
            shift++;
        }
        int elements = a.elements();
        int buckets = Math.max(1, ((a.columns() - 1) >> shift) + 1);
        long room = elements * BYTES;
        ColumnOrder order = new ColumnOrder(
                elements,
                buckets,
                scratch.address(room),
                scratch.address(room),
                scratch.address(room),
                scratch.address(buckets * BYTES));
        order.count(VectorMemory.address(a.columnIndexes()), shift);
        order.place(a, shift);
        return order;
    }

    /** Makes the ends the starts of the buckets. */
    private void count(long listed, int shift) {
        VectorMemory.clear(ends, buckets * BYTES);
        for (int e = 0; e < elements; e++) {
            long bucket = ends + (getInt(listed + e * BYTES) >> shift) * BYTES;
            setInt(bucket, getInt(bucket) + 1);
        }
        int start = 0;
        for (int b = 0; b < buckets; b++) {
            int count = getInt(ends + b * BYTES);
            setInt(ends + b * BYTES, start);
            start += count;
        }
    }

    /** Moves each start to its end. */
    private void place(CsrMatrix a, int shift) {
        long pointers = VectorMemory.address(a.rowPointers());
        long listed = VectorMemory.address(a.columnIndexes());
        long given = VectorMemory.address(a.values());
        int e = 0;
        for (int row = 0; row < a.rows(); row++) {
            int end = getInt(pointers + (row + 1) * BYTES);
            for (; e < end; e++) {
                int column = getInt(listed + e * BYTES);
                long bucket = ends + (column >> shift) * BYTES;
                int place = getInt(bucket);
                setInt(bucket, place + 1);
                setInt(columns + place * BYTES, column);
                setInt(rows + place * BYTES, row);
                set(values + place * BYTES, get(given + e * BYTES));
            }
        }
    }

    /** How many parts there are, some of them empty. No two have a column in common. */
    int parts() {
        return Math.ceilDiv(elements, PART);
    }

    /** The first element of a part, and where the one before it ends. */
    int start(int part) {
        int least = part * PART;
        if (least >= elements) {
            return elements;
        }
        int low = 0;
        int high = buckets - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (getInt(ends + middle * BYTES) >= least) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return least == 0 ? 0 : getInt(ends + low * BYTES);
    }
}
