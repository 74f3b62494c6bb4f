package io.ketju.tensor.kernel.indexing;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.simd.ColumnSum;
import java.util.List;

/**
 * Moving elements by index, named as in PyTorch. Indexes are INT32; one that is out of range throws
 * {@link IllegalArgumentException}, and results are then undefined. Results never overlap operands.
 */
public interface IndexingKernels {
    /** The index that {@link #embeddingBackward} takes for "no padding". */
    int NO_PADDING = -1;

    /** Row {@code indices[i]} of w [rows, columns] becomes row i of y. Overwrites y. */
    void embeddingForward(Tensor w, Tensor indices, Tensor y);

    /**
     * Adds row i of dy to row {@code indices[i]} of dw, for ascending i; rows of the padding index are left out. Of an
     * index that occurs more than {@value ColumnSum#BLOCK} times not the single rows are added but their
     * {@link ColumnSum}.
     *
     * @param padding index whose gradient is zero, or {@link #NO_PADDING}
     */
    void embeddingBackward(int padding, Tensor dy, Tensor indices, Tensor dw);

    /** Row i of y becomes row {@code indices[i]} of w: what {@link #embeddingForward} has taken is put back. No index occurs twice. */
    void putRows(Tensor y, Tensor indices, Tensor w);

    /** {@code y[o][j][i] = x[o][indices[o][j][i]][i]}. Overwrites y. */
    void gather(GatherShape shape, Tensor x, Tensor indices, Tensor y);

    /** {@code x[o][indices[o][j][i]][i] += y[o][j][i]} for ascending j: the gradient of {@link #gather}. */
    void scatterAdd(GatherShape shape, Tensor y, Tensor indices, Tensor x);

    /** {@code y[o][j][i] = x[o][first + j · step][i]}. Overwrites y. */
    void slice(SliceShape shape, Tensor x, Tensor y);

    /** {@code x[o][first + j · step][i] = y[o][j][i]}, and 0 between them: the gradient of {@link #slice}. Overwrites x. */
    void spread(SliceShape shape, Tensor y, Tensor x);

    /**
     * Concatenation along a dimension: {@code outer} is the product of the dimensions before it, and row o of y is made of row
     * o of each part. Overwrites y.
     */
    void concat(int outer, List<Tensor> parts, Tensor y);

    /** The reverse of {@link #concat}. Overwrites the parts. */
    void split(int outer, Tensor x, List<Tensor> parts);

    /** {@code y[i_order[0]]...[i_order[n-1]] = x[i_0]...[i_n-1]}: dimension {@code order[d]} of x becomes dimension d of y. */
    void permute(Tensor x, Tensor y, int... order);

    /**
     * The k largest of each row, in descending order; of equal ones the lower index first. NaN is larger than all.
     *
     * @param values overwritten, [rows, k]
     * @param indices overwritten, INT32 [rows, k]
     */
    void topK(int k, Tensor x, Tensor values, Tensor indices);

    /** Index of the largest element of each row, the first of equals; NaN is larger than all. Overwrites indices [rows]. */
    void argmax(Tensor x, Tensor indices);

    /** {@code y[i][c] = indices[i] == c ? 1 : 0}. Overwrites y [elements of indices, classes]. */
    void oneHot(Tensor indices, Tensor y);
}
