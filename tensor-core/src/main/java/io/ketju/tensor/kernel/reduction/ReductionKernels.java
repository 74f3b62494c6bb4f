package io.ketju.tensor.kernel.reduction;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.simd.LaneSum;

/** Reductions over all elements, over rows (the innermost dimension) and over columns (all but the innermost). */
public interface ReductionKernels {
    /** Elements of a block of {@link #all} and {@link #squaredNorm}. */
    int BLOCK = 16 * 1024;

    /**
     * Over all elements. Sums are taken in double and rounded once: in blocks of {@link #BLOCK} elements, element i of a
     * block is added to lane i mod 16, the lanes are folded as those of a {@link LaneSum} are, and
     * the blocks are added in ascending order.
     */
    float all(Reduction reduction, Tensor x);

    /**
     * Over each row of x: y has as many elements as x has rows. Sums: in blocks of
     * {@value LaneSum#BLOCK} elements, each one {@link LaneSum}; these are added in ascending order in double, and the
     * total is rounded once. Overwrites y.
     */
    void rows(Reduction reduction, Tensor x, Tensor y);

    /**
     * Over each column of x: y has as many elements as x has columns. A column's sum is a
     * {@link io.ketju.tensor.simd.ColumnSum}. Overwrites y.
     */
    void columns(Reduction reduction, Tensor x, Tensor y);

    /**
     * The index of the largest element of each row into y, of type int32; that of the first NaN if there is one, that
     * of the first of equal ones, 0 and -0 being equal. Rows have elements.
     */
    void argmaxRows(Tensor x, Tensor y);

    /**
     * Of each row, {@code mean} as by {@link #rows}, and {@code variance = sum((x - mean)²) / (columns - correction)}:
     * the sum is a LaneSum, each square added to its lane with FMA. PyTorch's correction is 1.
     */
    void varianceRows(int correction, Tensor x, Tensor mean, Tensor variance);

    /**
     * The sum of all squares, in double: in blocks of {@link #BLOCK} elements the squares are added to 16 lanes, which
     * are folded as those of a LaneSum are; blocks are added in ascending order.
     */
    double squaredNorm(Tensor x);

    /** The sum of all magnitudes, in double, added as those of {@link #squaredNorm} are. */
    double absoluteNorm(Tensor x);

    /** The sum of the products of elements at the same places, in double, added as those of {@link #squaredNorm} are. */
    double dot(Tensor x, Tensor y);
}
