package io.ketju.layers.pooling;

import io.ketju.layers.spec.Arguments;
import io.ketju.tensor.Excerpt;
import java.util.List;

/**
 * Size of the output of an adaptive pooling.
 *
 * @param rows at least 1, or {@link #AS_INPUT}
 * @param columns at least 1, or {@link #AS_INPUT}
 */
public record AdaptiveSize(int rows, int columns) {
    /** As many as the input has: {@code None} in PyTorch. */
    public static final int AS_INPUT = 0;

    private static final String NONE = "None";

    /**
     * Checks both numbers.
     *
     * @throws IllegalArgumentException if one is negative
     */
    public AdaptiveSize {
        if (rows < AS_INPUT || columns < AS_INPUT) {
            throw new IllegalArgumentException(
                    "expected rows and columns of at least 1, found " + rows + " and " + columns);
        }
    }

    static AdaptiveSize square(String layer, int size) {
        return of(layer, size, size);
    }

    static AdaptiveSize of(String layer, int rows, int columns) {
        Arguments.requirePositive(layer, "output_size", Math.min(rows, columns));
        return new AdaptiveSize(rows, columns);
    }

    static AdaptiveSize sequences(Arguments arguments) {
        return square(arguments.spec().name(), arguments.integer("output_size"));
    }

    static AdaptiveSize images(Arguments arguments) {
        List<String> parts = arguments.parts("output_size");
        // A None alone is no size in PyTorch either.
        if (parts.size() != 2) {
            return square(arguments.spec().name(), arguments.integer("output_size"));
        }
        return new AdaptiveSize(size(arguments, parts.getFirst()), size(arguments, parts.getLast()));
    }

    private static int size(Arguments arguments, String part) {
        if (part.equals(NONE)) {
            return AS_INPUT;
        }
        try {
            int size = Integer.parseInt(part);
            Arguments.requirePositive(arguments.spec().name(), "output_size", size);
            return size;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    arguments.spec().name() + ": argument 'output_size': expected integers or None, found '"
                            + Excerpt.of(part) + "'",
                    e);
        }
    }

    /** Rows of the output of an input of so many. */
    int rowsOf(int height) {
        return rows == AS_INPUT ? height : rows;
    }

    /** Columns of the output of an input of so many. */
    int columnsOf(int width) {
        return columns == AS_INPUT ? width : columns;
    }

    /** As specs print it. */
    @Override
    public String toString() {
        boolean number = rows == columns && rows != AS_INPUT;
        return number ? Integer.toString(rows) : "(" + text(rows) + ", " + text(columns) + ")";
    }

    private static String text(int size) {
        return size == AS_INPUT ? NONE : Integer.toString(size);
    }
}
