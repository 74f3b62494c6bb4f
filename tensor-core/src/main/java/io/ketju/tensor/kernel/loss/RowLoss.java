package io.ketju.tensor.kernel.loss;

/**
 * A loss of rows as a plain loop over each row. The loop stands for the scalar and the vector kernel: rows do not depend on
 * one another, so it does not matter how they are cut. Sums within a row are in double precision, in order, and rounded once.
 */
public interface RowLoss {
    /** {@return the number of rows} */
    int rows();

    /** {@return what a row costs, in elements; rows are shared out by it} */
    int columns();

    /**
     * Overwrites losses and gradients of some rows. Threads run it for different rows at once.
     *
     * @param from the first row, from 0
     * @param to one behind the last
     */
    void run(int from, int to);
}
