package io.ketju.tensor.kernel.sparse;

import io.ketju.tensor.Tensor;

/**
 * Products of a sparse matrix A [rows, columns] with dense matrices, as {@code torch.sparse.mm}. The product with the
 * transposed matrix, which the backward pass needs, is that of {@link CsrBuilder#transposed}.
 */
public interface SparseKernels {
    /**
     * {@code y = A x} for x [columns, n] and y [rows, n]. Each element is a chain of fused multiply-adds from +0 over the
     * elements of its row in the order in which they are stored. Overwrites y.
     */
    void multiply(CsrMatrix a, Tensor x, Tensor y);

    /** {@code y = y + A x}: the chain of {@link #multiply}, then one addition. */
    void multiplyAccumulate(CsrMatrix a, Tensor x, Tensor y);

    /**
     * {@code y = y + Aᵀ x} for x [rows, n] and y [columns, n], where mostly few rows of y are listed: for each element of A, in the order in which
     * they are stored, its product with the row of x that it stands in is rounded, and then added to the row of y that is its column. Rows of y that
     * A does not list are not touched.
     */
    void transposedAccumulate(CsrMatrix a, Tensor x, Tensor y);

    /**
     * The gradient of the values for y = A x: {@code dvalues[e] = sum(dy[row of e] · x[column of e])}, the sum of {@link
     * io.ketju.tensor.simd.LaneSum} with fused products. Overwrites dvalues [elements].
     */
    void backwardValues(CsrMatrix a, Tensor dy, Tensor x, Tensor dvalues);

    /**
     * The largest of each column among the rows of x that a row of A lists, whatever A's values: {@code y[row, i] = max(x[column
     * of e, i])}, 0 where it lists none. Winners are the columns of A it was, the first of equals in the order of the elements,
     * -1 where there is none; NaN is larger than all. Overwrites y and winners, INT32 [rows, n].
     */
    void maxima(CsrMatrix a, Tensor x, Tensor y, Tensor winners);

    /** The gradient of x for {@link #maxima}: each of dy is added to its winner's, rows ascending, from +0. Overwrites dx. */
    void maximaBackward(Tensor dy, Tensor winners, Tensor dx);
}
