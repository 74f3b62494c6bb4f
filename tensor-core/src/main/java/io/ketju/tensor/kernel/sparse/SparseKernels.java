package io.ketju.tensor.kernel.sparse;

import io.ketju.tensor.Tensor;

/**
 * Products of a sparse matrix A [rows, columns] with dense matrices, as {@code torch.sparse.mm}. The product with the
 * transposed matrix, which the backward pass needs, is that of {@link CsrBuilder#transposed}.
 */
public interface SparseKernels {
    /**
     * {@code y = A x}. Each element is a chain of fused multiply-adds from +0 over the elements of its row in the order in which they
     * are stored.
     *
     * @param a A, [rows, columns]
     * @param x [columns, n]
     * @param y overwritten, [rows, n]
     * @throws IllegalArgumentException if sizes differ
     */
    void multiply(CsrMatrix a, Tensor x, Tensor y);

    /**
     * {@code y = y + A x}: the chain of {@link #multiply}, then one addition.
     *
     * @param a A, [rows, columns]
     * @param x [columns, n]
     * @param y added to, [rows, n]
     * @throws IllegalArgumentException if sizes differ
     */
    void multiplyAccumulate(CsrMatrix a, Tensor x, Tensor y);

    /**
     * {@code y = y + Aᵀ x} where mostly few rows of y are listed: for each element of A, in the order in which they are stored, its
     * product with the row of x that it stands in is rounded, and then added to the row of y that is its column.
     *
     * @param a A, [rows, columns]
     * @param x [rows, n]
     * @param y added to, [columns, n]; rows that A does not list are not touched
     * @throws IllegalArgumentException if sizes differ
     */
    void transposedAccumulate(CsrMatrix a, Tensor x, Tensor y);

    /**
     * The gradient of the values for y = A x: {@code dvalues[e] = sum(dy[row of e] · x[column of e])}, the sum of {@link
     * io.ketju.tensor.simd.LaneSum} with fused products.
     *
     * @param a A, [rows, columns]; its values do not matter
     * @param dy gradient of y, [rows, n]
     * @param x [columns, n]
     * @param dvalues overwritten, [elements]
     * @throws IllegalArgumentException if sizes differ
     */
    void backwardValues(CsrMatrix a, Tensor dy, Tensor x, Tensor dvalues);

    /**
     * The largest of each column among the rows of x that a row of A lists: {@code y[row, i] = max(x[column of e, i])}, 0 where it
     * lists none; NaN is larger than all.
     *
     * @param a A, [rows, columns]; its values do not matter
     * @param x [columns, n]
     * @param y overwritten, [rows, n]
     * @param winners overwritten, INT32 [rows, n]: the column of A it was, the first of equals in the order of the elements, -1
     *     where there is none
     * @throws IllegalArgumentException if sizes differ
     */
    void maxima(CsrMatrix a, Tensor x, Tensor y, Tensor winners);

    /**
     * The gradient of x for {@link #maxima}: each of dy is added to its winner's, rows ascending, from +0.
     *
     * @param dy gradient of y, [rows, n]
     * @param winners those of the forward pass
     * @param dx overwritten, shaped as x
     * @throws IllegalArgumentException if dy and winners are not shaped alike
     */
    void maximaBackward(Tensor dy, Tensor winners, Tensor dx);
}
