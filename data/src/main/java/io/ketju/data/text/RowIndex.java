package io.ketju.data.text;

/** Where rows of unequal length lie that stand one behind the other: of each its length, of every 64th its begin; 4.125 bytes a row. */
final class RowIndex {
    private static final int EACH = 64;

    private final int[] lengths;
    private final long[] begins;
    private int size;
    private long end;

    /** @param most rows */
    RowIndex(int most) {
        lengths = new int[most];
        begins = new long[Math.ceilDiv(most, EACH)];
    }

    void add(int length) {
        if (size % EACH == 0) {
            begins[size / EACH] = end;
        }
        lengths[size++] = length;
        end += length;
    }

    int size() {
        return size;
    }

    int length(int row) {
        return lengths[row];
    }

    long begin(int row) {
        long begin = begins[row / EACH];
        for (int before = row - row % EACH; before < row; before++) {
            begin += lengths[before];
        }
        return begin;
    }
}
