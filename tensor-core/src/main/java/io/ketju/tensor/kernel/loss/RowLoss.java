package io.ketju.tensor.kernel.loss;

/**
 * A loss of rows as a plain loop over each row. The loop stands for the scalar and the vector kernel: rows do not depend on
 * one another, so it does not matter how they are cut. Sums within a row are in double precision, in order, and rounded once.
 */
public interface RowLoss {
    /** Number of rows. */
    int rows();

    /** What a row costs, in elements. */
    int columns();

    /** Overwrites losses and gradients of the rows from {@code from} to {@code to - 1}. */
    void run(int from, int to);
}
