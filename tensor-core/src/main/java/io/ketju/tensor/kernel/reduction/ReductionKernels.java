package io.ketju.tensor.kernel.reduction;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.simd.LaneSum;

/** Reductions over all elements, over rows (the innermost dimension) and over columns (all but the innermost). */
public interface ReductionKernels {
    /** Elements of a block of {@link #all} and {@link #squaredNorm}. */
    int BLOCK = 16 * 1024;

    /**
     * {@return what all elements become. Sums are taken in double and rounded once: in blocks of {@link #BLOCK} elements, element i of
     * a block is added to lane i mod 16, the lanes are folded as those of a {@link LaneSum} are, and the blocks are added in ascending
     * order}
     *
     * @param reduction sum, mean, largest or smallest
     * @param x of any shape
     */
    float all(Reduction reduction, Tensor x);

    /**
     * Over each row. Sums: in blocks of {@value LaneSum#BLOCK} elements, each one {@link LaneSum}; these are added in ascending order
     * in double, and the total is rounded once.
     *
     * @param reduction sum, mean, largest or smallest
     * @param x [rows, columns]
     * @param y overwritten, [rows]
     * @throws IllegalArgumentException if y has another number of elements
     */
    void rows(Reduction reduction, Tensor x, Tensor y);

    /**
     * Over each column. A column's sum is a {@link io.ketju.tensor.simd.ColumnSum}.
     *
     * @param reduction sum, mean, largest or smallest
     * @param x [rows, columns]
     * @param y overwritten, [columns]
     * @throws IllegalArgumentException if y has another number of elements
     */
    void columns(Reduction reduction, Tensor x, Tensor y);

    /**
     * Of each row the mean, as by {@link #rows}, and {@code variance = sum((x - mean)²) / (columns - correction)}:
     * the sum is a LaneSum, each square added to its lane with FMA.
     *
     * @param correction PyTorch's, whose default is 1; 0 gives the biased variance
     * @param x [rows, columns]
     * @param mean overwritten, [rows]
     * @param variance overwritten, [rows]
     * @throws IllegalArgumentException if a result has another number of elements
     */
    void varianceRows(int correction, Tensor x, Tensor mean, Tensor variance);

    /**
     * {@return the sum of all squares, in double: in blocks of {@link #BLOCK} elements the squares are added to 16 lanes, which
     * are folded as those of a LaneSum are; blocks are added in ascending order}
     *
     * @param x of any shape
     */
    double squaredNorm(Tensor x);

    /**
     * {@return the sum of all magnitudes, in double, added as those of {@link #squaredNorm} are}
     *
     * @param x of any shape
     */
    double absoluteNorm(Tensor x);

    /**
     * {@return the sum of the products of elements at the same places, in double, added as those of {@link #squaredNorm} are}
     *
     * @param x of any shape
     * @param y as many elements
     * @throws IllegalArgumentException if it has more or fewer
     */
    double dot(Tensor x, Tensor y);
}
