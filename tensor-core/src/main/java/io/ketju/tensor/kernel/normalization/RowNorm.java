package io.ketju.tensor.kernel.normalization;

/**
 * Sizes and hyperparameters of the normalization of each row of [rows, columns].
 *
 * @param rows at least 0
 * @param columns at least 1
 * @param epsilon added to the variance or the mean square, PyTorch's eps
 */
public record RowNorm(int rows, int columns, double epsilon) {
    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if one is too small, or epsilon is below 0
     * @throws ArithmeticException if there are 2^31 elements or more
     */
    public RowNorm {
        if (rows < 0 || columns < 1) {
            throw new IllegalArgumentException(
                    "row normalization needs at least one column, got [" + rows + ", " + columns + "]");
        }
        Sizes.requireEpsilon(epsilon);
        Math.multiplyExact(rows, columns);
    }

    /** {@return the elements of x} */
    public int elements() {
        return rows * columns;
    }
}
