package io.ketju.tensor.kernel.matrix;

import io.ketju.tensor.Tensor;

/**
 * Matrix products. The order of operations of every output element: K is cut into blocks of a fixed length; within a
 * block one chain of fused multiply-adds from zero, k ascending; blocks are added in ascending order, to +0 or to what
 * is there. c overlaps no other operand. Operands that do not fit the shape give an {@link IllegalArgumentException}.
 */
public interface MatrixKernels {
    /** Length of one chain of fused multiply-adds. Part of the definition of every product: never tune it. */
    int K_BLOCK = 256;

    /** {@code c = op(a) · op(b)}. Overwrites c. */
    void gemm(GemmShape shape, Tensor a, Tensor b, Tensor c);

    /** {@code c += op(a) · op(b)}: each K-block is added to c in ascending order. */
    void gemmAccumulate(GemmShape shape, Tensor a, Tensor b, Tensor c);

    /** {@code c = op(a) · op(b) + bias}, bias [n] added to every row after the product. Overwrites c. */
    void gemmBias(GemmShape shape, Tensor a, Tensor b, Tensor bias, Tensor c);

    /**
     * {@code c = epilogue(op(a) · op(b))} of matrices within tensors, of gradients computed on the way, or of a packed b.
     * Overwrites c; what lies between its rows stays. Bits are those of the plain kernels one after the other.
     */
    void gemm(GemmShape shape, MatrixOperand a, MatrixOperand b, GemmEpilogue epilogue, MatrixView c);

    /** {@code c = epilogue(c + op(a) · op(b))}: each K-block is added to c in ascending order, then the epilogue follows. */
    void gemmAccumulate(GemmShape shape, MatrixOperand a, MatrixOperand b, GemmEpilogue epilogue, MatrixView c);

    /** {@code c[i] = op(a[i]) · op(b[i])}, or {@code +=}, for all matrices of the batches; no c overlaps another. */
    void gemmBatched(GemmShape shape, MatrixBatch a, MatrixBatch b, MatrixBatch c, boolean accumulate);

    /** Packs b, [k, n] or transposed, [n, k], for products that take it so. Overwrites what was packed there. */
    void pack(MatrixView b, boolean transposed, PackedMatrix packed);

    /** {@code sums[j] += Σ_i x[i,j]}: the sum over i is a {@link io.ketju.tensor.simd.ColumnSum}. x [m,n], sums [n]. */
    void sumRowsAccumulate(Tensor x, Tensor sums);
}
