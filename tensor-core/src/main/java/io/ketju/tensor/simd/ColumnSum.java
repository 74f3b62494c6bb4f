package io.ketju.tensor.simd;

/**
 * The sum of a column as every kernel defines it that adds rows to each other: blocks of {@link #BLOCK} rows, each added
 * in ascending order from +0; the sums of the blocks are added in ascending order in double, and the total is rounded
 * once. So the error does not grow with the number of blocks, and the sum of one block is the plain one.
 *
 * <p>The scalar kernels are written with it; {@link VectorColumnSum} and {@link RunningColumnSums} give the same bits.
 */
public final class ColumnSum {
    /** Rows of a block. Part of the definition of the sums: never tune it. */
    public static final int BLOCK = 256;

    private double total;
    private float block;
    private int rows;

    /** The sum of nothing yet. */
    public ColumnSum() {}

    /**
     * Begins another sum.
     *
     * @return this
     */
    public ColumnSum start() {
        total = 0;
        block = 0;
        rows = 0;
        return this;
    }

    /**
     * Adds the next row's number.
     *
     * @param value of the next row
     */
    public void add(float value) {
        block += value;
        if (++rows % BLOCK == 0) {
            endBlock();
        }
    }

    /** Ends a block, which may be short: for sums over other blocks than those of {@link #BLOCK} rows. */
    public void endBlock() {
        total += block;
        block = 0;
    }

    /** {@return the sum of what was added since {@link #start}, rounded once; it is over with this} */
    public float result() {
        endBlock();
        return (float) total;
    }
}
