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

    /**
     * Row {@code indices[i]} of w becomes row i of y.
     *
     * @param w table [rows, columns]
     * @param indices of rows of w, from 0, any shape
     * @param y overwritten, [elements of indices, columns]
     */
    void embeddingForward(Tensor w, Tensor indices, Tensor y);

    /**
     * Adds row i of dy to row {@code indices[i]} of dw, for ascending i; rows of the padding index are left out. Of an
     * index that occurs more than {@value ColumnSum#BLOCK} times not the single rows are added but their
     * {@link ColumnSum}.
     *
     * @param padding index whose gradient is zero, or {@link #NO_PADDING}
     * @param dy gradient of the embedding, [elements of indices, columns]
     * @param indices those of {@link #embeddingForward}; all are checked before anything is added
     * @param dw added to, the gradient of the table [rows, columns]
     */
    void embeddingBackward(int padding, Tensor dy, Tensor indices, Tensor dw);

    /**
     * Row i of y becomes row {@code indices[i]} of w: what {@link #embeddingForward} has taken is put back.
     *
     * @param y rows [elements of indices, columns]
     * @param indices of rows of w, none twice
     * @param w table [rows, columns], whose other rows stay
     */
    void putRows(Tensor y, Tensor indices, Tensor w);

    /**
     * {@code y[o][j][i] = x[o][indices[o][j][i]][i]}.
     *
     * @param shape sizes of x, and of the indexes and y
     * @param x [outer, size, inner]
     * @param indices from 0 to {@code size - 1}, [outer, picked, inner]
     * @param y overwritten, [outer, picked, inner]
     */
    void gather(GatherShape shape, Tensor x, Tensor indices, Tensor y);

    /**
     * {@code x[o][indices[o][j][i]][i] += y[o][j][i]} for ascending j: the gradient of {@link #gather}.
     *
     * @param shape sizes of x, and of the indexes and y
     * @param y what is added, [outer, picked, inner]
     * @param indices from 0 to {@code size - 1}, [outer, picked, inner]
     * @param x added to, [outer, size, inner]
     */
    void scatterAdd(GatherShape shape, Tensor y, Tensor indices, Tensor x);

    /**
     * {@code y[o][j][i] = x[o][first + j · step][i]}.
     *
     * @param shape sizes of both, and which positions are taken
     * @param x [outer, size, inner]
     * @param y overwritten, [outer, count, inner]
     */
    void slice(SliceShape shape, Tensor x, Tensor y);

    /**
     * {@code x[o][first + j · step][i] = y[o][j][i]}, and 0 between them: the gradient of {@link #slice}.
     *
     * @param shape sizes of both, and which positions are written
     * @param y [outer, count, inner]
     * @param x overwritten, [outer, size, inner]
     */
    void spread(SliceShape shape, Tensor y, Tensor x);

    /**
     * Concatenation along a dimension: row o of y is made of row o of each part. Elements of either type are copied as they are.
     *
     * @param outer product of the dimensions before that one, at least 1
     * @param parts in the order in which a row of y has them, each of {@code outer} rows of its own size
     * @param y overwritten; its elements are as many as those of the parts together
     */
    void concat(int outer, List<Tensor> parts, Tensor y);

    /**
     * The reverse of {@link #concat}.
     *
     * @param outer product of the dimensions before that along which x is cut, at least 1
     * @param x [outer, size of all parts together]
     * @param parts overwritten, in the order in which a row of x has them
     */
    void split(int outer, Tensor x, List<Tensor> parts);

    /**
     * {@code y[i_order[0]]...[i_order[n-1]] = x[i_0]...[i_n-1]}. Elements of either type are copied as they are.
     *
     * @param x of n dimensions
     * @param y overwritten, of the permuted shape
     * @param order of each dimension of y, which one of x it is, from 0; each stands once
     */
    void permute(Tensor x, Tensor y, int... order);

    /**
     * The k largest of each row, in descending order; of equal ones the lower index first. NaN is larger than all.
     *
     * @param k from 1 to the columns of x
     * @param x [rows, columns]
     * @param values overwritten, [rows, k]
     * @param indices overwritten, INT32 [rows, k]: columns of x, from 0
     */
    void topK(int k, Tensor x, Tensor values, Tensor indices);

    /**
     * Index of the largest element of each row, the first of equals; NaN is larger than all.
     *
     * @param x [rows, columns]
     * @param indices overwritten, INT32 [rows]: columns of x, from 0
     */
    void argmax(Tensor x, Tensor indices);

    /**
     * {@code y[i][c] = indices[i] == c ? 1 : 0}.
     *
     * @param indices from 0 to {@code classes - 1}, any shape
     * @param y overwritten, [elements of indices, classes]
     */
    void oneHot(Tensor indices, Tensor y);
}
