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
     * The gradient of the values for y = A x: {@code dvalues[e] = sum(dy[row of e] · x[column of e])}, the sum of {@link
     * io.ketju.tensor.simd.LaneSum} with fused products. Overwrites dvalues [elements].
     */
    void backwardValues(CsrMatrix a, Tensor dy, Tensor x, Tensor dvalues);
}
