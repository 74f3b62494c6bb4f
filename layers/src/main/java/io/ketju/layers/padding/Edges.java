package io.ketju.layers.padding;

import io.ketju.layers.Planes;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.resampling.AxisMap;
import io.ketju.tensor.kernel.resampling.PaddingMode;
import io.ketju.tensor.kernel.resampling.PlaneMap;

/**
 * What is put around planes.
 *
 * @param mode what is shown there
 * @param rows above and below
 * @param columns left and right
 */
public record Edges(PaddingMode mode, Sides rows, Sides columns) {
    /** Nothing. */
    public static final Edges NONE = new Edges(PaddingMode.ZEROS, Sides.NONE, Sides.NONE);

    /**
     * Infers the type of the larger planes.
     *
     * @param planes whether the input has rows, or sequences
     * @param input [samples, channels, ...]
     * @return float32, as many planes as the input has
     * @throws IllegalArgumentException if those of the input are too small for the mode, or these larger than 2^31-1 a side
     */
    public TensorType output(Planes planes, Shape input) {
        long leastRows = mode.least(rows.before(), rows.after());
        long leastColumns = mode.least(columns.before(), columns.after());
        if (planes.height(input) < leastRows || planes.width(input) < leastColumns) {
            String least = planes == Planes.IMAGES ? "[" + leastRows + ", " + leastColumns + "]" : "" + leastColumns;
            throw new IllegalArgumentException(
                    "expected " + planes.things() + " of at least " + least + " for this padding, found " + input);
        }
        long height = planes.height(input) + (long) rows.before() + rows.after();
        long width = planes.width(input) + (long) columns.before() + columns.after();
        if (Math.max(height, width) > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("expected " + planes.things()
                    + " of at most 2^31-1 positions a side with their padding, found " + input);
        }
        return planes.sized(input, (int) height, (int) width);
    }

    /**
     * What each position of the larger planes shows.
     *
     * @param height rows of the input's planes, 1 for sequences
     * @param width columns of the input's planes
     * @return the map that the kernels of resampling take
     */
    public PlaneMap map(int height, int width) {
        return new PlaneMap(
                AxisMap.padded(mode, height, rows.before(), rows.after()),
                AxisMap.padded(mode, width, columns.before(), columns.after()));
    }
}
