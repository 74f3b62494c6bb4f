package io.ketju.tensor.kernel.indexing;

import static io.ketju.tensor.simd.VectorMemory.getInt;
import static io.ketju.tensor.simd.VectorMemory.setInt;

import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.ColumnSum;
import io.ketju.tensor.simd.VectorMemory;

/**
 * Which rows of a table occur among indices more often than a block of {@link ColumnSum} is long, and where: their
 * gradients are summed in blocks. Mostly there are none, and then finding that out is all it costs.
 */
final class FrequentRows {
    /** Rows with the same last bits are counted together first, in the fastest cache. */
    private static final int BUCKETS = 1024;

    private static final long BYTES = Integer.BYTES;

    private final long indices;
    private final int positions;
    private final int padding;
    private int count;
    /** Of each frequent row: its index, where its positions end, and all positions, row after row. */
    private long rows;

    private long ends;
    private long places;
    /** Positions of the other rows, those of the padding left out. */
    private long others;

    private int otherCount;

    private FrequentRows(long indices, int positions, int padding) {
        this.indices = indices;
        this.positions = positions;
        this.padding = padding;
    }

    /**
     * Reads and checks all indices of a table with so many rows.
     *
     * @param scratch keeps what was found
     */
    static FrequentRows among(Scratch scratch, long indices, int positions, int tableRows, int padding) {
        FrequentRows found = new FrequentRows(indices, positions, padding);
        if (positions <= ColumnSum.BLOCK) {
            found.check(tableRows);
            return found;
        }
        long buckets = zeros(scratch, BUCKETS);
        boolean full = false;
        for (int i = 0; i < positions; i++) {
            int row = Indexes.require(getInt(indices + i * BYTES), i, tableRows);
            long bucket = buckets + row % BUCKETS * BYTES;
            int before = getInt(bucket);
            setInt(bucket, before + 1);
            full |= before == ColumnSum.BLOCK;
        }
        if (full) {
            found.find(scratch, tableRows <= BUCKETS ? buckets : found.counts(scratch, tableRows));
        }
        return found;
    }

    private void check(int tableRows) {
        for (int i = 0; i < positions; i++) {
            Indexes.require(getInt(indices + i * BYTES), i, tableRows);
        }
    }

    /** How many there are. */
    int count() {
        return count;
    }

    /** The index of one of them, by its number from 0. */
    long row(int number) {
        return getInt(rows + number * BYTES);
    }

    /** Address of the positions where it occurs, ascending. */
    long places(int number) {
        return places + start(number) * BYTES;
    }

    /** How often it occurs. */
    int occurrences(int number) {
        return getInt(ends + number * BYTES) - start(number);
    }

    /** Address of the positions of all other rows, ascending. */
    long others() {
        return others;
    }

    int otherCount() {
        return otherCount;
    }

    private int start(int number) {
        return number == 0 ? 0 : getInt(ends + (number - 1) * BYTES);
    }

    private long counts(Scratch scratch, int tableRows) {
        long counts = zeros(scratch, tableRows);
        for (int i = 0; i < positions; i++) {
            long count = counts + getInt(indices + i * BYTES) * BYTES;
            setInt(count, getInt(count) + 1);
        }
        return counts;
    }

    /** Numbers the frequent rows and lists all positions; a count becomes the negative number of its row, from -1. */
    private void find(Scratch scratch, long counts) {
        long most = positions / ColumnSum.BLOCK * BYTES;
        rows = scratch.address(most);
        ends = scratch.address(most);
        places = scratch.address(positions * BYTES);
        others = scratch.address(positions * BYTES);
        int listed = 0;
        for (int i = 0; i < positions; i++) {
            int row = getInt(indices + i * BYTES);
            int occurrences = getInt(counts + row * BYTES);
            if (row == padding) {
                continue;
            }
            if (occurrences > ColumnSum.BLOCK) {
                setInt(rows + count * BYTES, row);
                setInt(ends + count * BYTES, listed);
                count++;
                setInt(counts + row * BYTES, -count);
                listed += occurrences;
                occurrences = -count;
            }
            if (occurrences < 0) {
                long end = ends + (-occurrences - 1) * BYTES;
                setInt(places + getInt(end) * BYTES, i);
                setInt(end, getInt(end) + 1);
            } else {
                setInt(others + otherCount * BYTES, i);
                otherCount++;
            }
        }
    }

    private static long zeros(Scratch scratch, int count) {
        long memory = scratch.address(count * BYTES);
        VectorMemory.clear(memory, count * BYTES);
        return memory;
    }
}
