package io.ketju.tensor.kernel.pooling;

/**
 * What the sum of a window is divided by.
 *
 * @param padded whether a window's positions in the padding count: PyTorch's {@code count_include_pad}
 * @param fixed what every sum is divided by instead of its number of positions, PyTorch's {@code divisor_override}; 0 for none
 */
public record AverageDivisor(boolean padded, int fixed) {
    /** The positions of the window, the padding's included: PyTorch's default. */
    public static final AverageDivisor WINDOW = new AverageDivisor(true, 0);

    /** Only the positions that are not padding. */
    public static final AverageDivisor INSIDE = new AverageDivisor(false, 0);

    /**
     * {@return this, but for a number that every sum is divided by}
     *
     * @param number the divisor; 0 for none
     */
    public AverageDivisor withFixed(int number) {
        return new AverageDivisor(padded, number);
    }

    /** That of the columns, where rows have this: a number that is fixed is that of the rows alone. */
    AverageDivisor ofColumns() {
        return fixed == 0 ? this : withFixed(1);
    }
}
