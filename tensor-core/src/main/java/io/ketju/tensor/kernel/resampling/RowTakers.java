package io.ketju.tensor.kernel.resampling;

/** The rows of y that take from each row of x, with their weights, in ascending order of rows and then of taps. */
final class RowTakers {
    private final int[] ends;
    private final int[] takers;
    private final float[] weights;

    RowTakers(AxisMap rows) {
        int[] next = new int[rows.size() + 1];
        for (int i = 0; i < rows.count(); i++) {
            for (int tap = 0; tap < rows.taps(); tap++) {
                next[rows.source(i, tap) + 1]++;
            }
        }
        // Those that take nothing are counted in front, and left out.
        next[0] = 0;
        for (int row = 0; row < rows.size(); row++) {
            next[row + 1] += next[row];
        }
        takers = new int[next[rows.size()]];
        weights = new float[takers.length];
        for (int i = 0; i < rows.count(); i++) {
            for (int tap = 0; tap < rows.taps(); tap++) {
                int source = rows.source(i, tap);
                if (source != AxisMap.NONE) {
                    weights[next[source]] = rows.weight(i, tap);
                    takers[next[source]++] = i;
                }
            }
        }
        ends = next;
    }

    /** The first of those of a row. */
    int begin(int row) {
        return row == 0 ? 0 : ends[row - 1];
    }

    /** Behind the last of those of a row. */
    int end(int row) {
        return ends[row];
    }

    /** The row of y. */
    int taker(int index) {
        return takers[index];
    }

    float weight(int index) {
        return weights[index];
    }
}
