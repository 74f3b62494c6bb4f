package io.ketju.layers;

import java.util.Arrays;

/** ReferenceRows of columns. */
public final class ReferenceRows {
    private final double[] values;
    private final int columns;

    public ReferenceRows(double[] values, int columns) {
        this.values = values;
        this.columns = columns;
    }

    public double[] row(int index) {
        return Arrays.copyOfRange(values, index * columns, (index + 1) * columns);
    }

    public int count() {
        return values.length / columns;
    }
}
