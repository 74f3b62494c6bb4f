package io.ketju.tensor.kernel.normalization;

/**
 * Sizes and hyperparameters of the normalization of each row of [rows, columns].
 *
 * @param epsilon added to the variance or the mean square, PyTorch's eps
 */
public record RowNorm(int rows, int columns, double epsilon) {
    public RowNorm {
        if (rows < 0 || columns < 1) {
            throw new IllegalArgumentException(
                    "row normalization needs at least one column, got [" + rows + ", " + columns + "]");
        }
        Sizes.requireEpsilon(epsilon);
        Math.multiplyExact(rows, columns);
    }

    public int elements() {
        return rows * columns;
    }
}
