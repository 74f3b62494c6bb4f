package io.ketju.tensor.kernel.convolution;

/** Writes sums to the planes of a result, on which the positions of a grid lie a stride apart. */
final class ResultRows {
    private static final long BYTES = Float.BYTES;

    /** Rows of positions, of which those that are none of a grid's are left out. */
    record Range(int first, int count) {}

    /** The sizes of a plane of results, and the distances of a grid's positions there. */
    record Plane(int height, int width, int strideY, int strideX) {}

    private final TapImage layout;
    private final int height;
    private final int width;
    private final int strideY;
    private final int strideX;
    /** The rows of each band. */
    private final Range[] bands;

    ResultRows(TapImage layout, Plane plane) {
        this.layout = layout;
        height = plane.height;
        width = plane.width;
        strideY = plane.strideY;
        strideX = plane.strideX;
        int rows = layout.cut().rows();
        bands = new Range[layout.cut().bands()];
        for (int band = 0; band < bands.length; band++) {
            bands[band] = new Range(band * rows, Math.min(rows, gridRows() - band * rows));
        }
    }

    TapImage layout() {
        return layout;
    }

    int width() {
        return width;
    }

    /** Grids of one row phase. */
    int strideX() {
        return strideX;
    }

    /** Rows of positions of a band, in the greatest grid. */
    Range band(int band) {
        return bands[band];
    }

    long planeBytes() {
        return (long) height * width * BYTES;
    }

    /** Rows of positions of the greatest grid. */
    private int gridRows() {
        return Math.ceilDiv(height, strideY);
    }

    /** Whether neighbouring positions are neighbours in the result. */
    boolean dense() {
        return strideY * strideX == 1;
    }

    /**
     * Writes rows of the grids of one row phase, and adds a number.
     *
     * @param number of the first of the grids
     * @param sums address of the rows of each grid
     * @param offset bytes from there to the first row
     * @param range the rows of positions
     * @param plane address of the plane of the result
     */
    void write(int number, long[] sums, long offset, Range range, float add, long plane) {
        int first = range.first;
        TapGrid grid = layout.grids()[number];
        int rows = Math.min(range.count, grid.rows - first);
        long to = plane + ((long) first * strideY + grid.firstRow) * width * BYTES;
        if (dense()) {
            if (layout.sumPitch() == width) {
                RowCopies.copyPlus(sums[0] + offset, add, to, Math.max(0, rows * width));
            } else {
                RowCopies.copyRows(rows, width, layout.sumPitch() * BYTES, add, sums[0] + offset, to);
            }
            return;
        }
        for (int row = 0; row < rows; row++) {
            row(number, sums, offset + (long) row * layout.sumPitch() * BYTES, add, to);
            to += (long) strideY * width * BYTES;
        }
    }

    private void row(int number, long[] sums, long from, float add, long to) {
        if (strideX == 1) {
            RowCopies.copyPlus(sums[0] + from, add, to, width);
        } else if (strideX == 2) {
            int even = layout.grids()[number].firstColumn;
            RowCopies.join(sums[even] + from, sums[1 - even] + from, add, to, width);
        } else {
            for (int j = 0; j < strideX; j++) {
                int column = layout.grids()[number + j].firstColumn;
                RowCopies.spread(sums[j] + from, add, to + column * BYTES, strideX, width - column);
            }
        }
    }
}
