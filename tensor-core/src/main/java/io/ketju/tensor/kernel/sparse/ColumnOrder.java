package io.ketju.tensor.kernel.sparse;

import static io.ketju.tensor.simd.VectorMemory.get;
import static io.ketju.tensor.simd.VectorMemory.getInt;
import static io.ketju.tensor.simd.VectorMemory.set;
import static io.ketju.tensor.simd.VectorMemory.setInt;

import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.TileRunner;
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

    /** Elements that are worth counters of their own. */
    private static final int SLICE = 4096;

    private static final int MOST_SLICES = 8;

    private static final long BYTES = Integer.BYTES;

    /** In memory of the scratch; it is released by whoever asks. */
    static ColumnOrder of(CsrMatrix a, TileRunner tiles) {
        int shift = 0;
        while ((a.columns() - 1) >> shift >= MOST_BUCKETS) {
            shift++;
        }
        int elements = a.elements();
        int buckets = Math.max(1, ((a.columns() - 1) >> shift) + 1);
        int slices = Math.clamp(elements / SLICE, 1, MOST_SLICES);
        Scratch scratch = tiles.scratch();
        long room = elements * BYTES;
        long columns = scratch.address(room);
        long rows = scratch.address(room);
        long values = scratch.address(room);
        long counters = scratch.address((long) slices * buckets * BYTES);
        Counters each = new Counters(a, counters, buckets, shift, slices);
        ColumnOrder order = new ColumnOrder(elements, buckets, columns, rows, values, each.of(slices - 1));
        tiles.parallel(slices, each::count);
        each.start();
        tiles.parallel(slices, slice -> order.place(each, slice));
        return order;
    }

    /**
     * How many elements each slice of the rows of A has of each bucket, then where they begin: those of a slice lie behind those of
     * the slices before it, so however many there are the order is the same.
     */
    private record Counters(CsrMatrix a, long address, int buckets, int shift, int slices) {
        long of(int slice) {
            return address + (long) slice * buckets * BYTES;
        }

        /** The first row of a slice, and where the one before it ends. */
        int row(int slice) {
            return (int) ((long) a.rows() * slice / slices);
        }

        void count(int slice) {
            long counts = of(slice);
            long pointers = VectorMemory.address(a.rowPointers());
            long listed = VectorMemory.address(a.columnIndexes());
            VectorMemory.clear(counts, buckets * BYTES);
            int end = getInt(pointers + row(slice + 1) * BYTES);
            for (int e = getInt(pointers + row(slice) * BYTES); e < end; e++) {
                long bucket = counts + (getInt(listed + e * BYTES) >> shift) * BYTES;
                setInt(bucket, getInt(bucket) + 1);
            }
        }

        /** Counts become the places of the first. */
        void start() {
            int start = 0;
            for (int b = 0; b < buckets; b++) {
                for (int slice = 0; slice < slices; slice++) {
                    long bucket = of(slice) + b * BYTES;
                    int count = getInt(bucket);
                    setInt(bucket, start);
                    start += count;
                }
            }
        }
    }

    /** Moves each start of a slice to its end. */
    private void place(Counters each, int slice) {
        CsrMatrix a = each.a();
        int shift = each.shift();
        long starts = each.of(slice);
        long pointers = VectorMemory.address(a.rowPointers());
        long listed = VectorMemory.address(a.columnIndexes());
        long given = VectorMemory.address(a.values());
        int last = each.row(slice + 1);
        for (int row = each.row(slice); row < last; row++) {
            int end = getInt(pointers + (row + 1) * BYTES);
            for (int e = getInt(pointers + row * BYTES); e < end; e++) {
                int column = getInt(listed + e * BYTES);
                long bucket = starts + (column >> shift) * BYTES;
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
