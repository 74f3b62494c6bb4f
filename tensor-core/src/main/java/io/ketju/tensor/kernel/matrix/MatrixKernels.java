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

    /**
     * {@code c = op(a) · op(b)}.
     *
     * @param shape sizes, and which operand is stored transposed
     * @param a as the layout says, dense
     * @param b as the layout says, dense
     * @param c overwritten, [m, n]
     */
    void gemm(GemmShape shape, Tensor a, Tensor b, Tensor c);

    /**
     * {@code c += op(a) · op(b)}: each K-block is added to c in ascending order.
     *
     * @param shape sizes, and which operand is stored transposed
     * @param a as the layout says, dense
     * @param b as the layout says, dense
     * @param c added to, [m, n]
     */
    void gemmAccumulate(GemmShape shape, Tensor a, Tensor b, Tensor c);

    /**
     * {@code c = op(a) · op(b) + bias}, the bias added to every row after the product.
     *
     * @param shape sizes, and which operand is stored transposed
     * @param a as the layout says, dense
     * @param b as the layout says, dense
     * @param bias [n]
     * @param c overwritten, [m, n]
     */
    void gemmBias(GemmShape shape, Tensor a, Tensor b, Tensor bias, Tensor c);

    /**
     * {@code c = epilogue(op(a) · op(b))}. Bits are those of the plain kernels one after the other.
     *
     * @param shape sizes, and which operand is stored transposed
     * @param a a matrix within a tensor, or a gradient that is computed on the way
     * @param b likewise, or a packed matrix, whose layout does not matter any more
     * @param epilogue what follows the product, or {@link GemmEpilogue#NONE}
     * @param c overwritten, [m, n]; what lies between its rows stays
     * @throws IllegalStateException if b is a packed matrix that was not packed since it changed
     */
    void gemm(GemmShape shape, MatrixOperand a, MatrixOperand b, GemmEpilogue epilogue, MatrixView c);

    /**
     * {@code c = epilogue(c + op(a) · op(b))}: each K-block is added to c in ascending order, then the epilogue follows.
     *
     * @param shape sizes, and which operand is stored transposed
     * @param a a matrix within a tensor, or a gradient that is computed on the way
     * @param b likewise, or a packed matrix, whose layout does not matter any more
     * @param epilogue what follows the sum, or {@link GemmEpilogue#NONE}
     * @param c added to, [m, n]; what lies between its rows stays
     * @throws IllegalStateException if b is a packed matrix that was not packed since it changed
     */
    void gemmAccumulate(GemmShape shape, MatrixOperand a, MatrixOperand b, GemmEpilogue epilogue, MatrixView c);

    /**
     * {@code c[i] = op(a[i]) · op(b[i])}, or {@code +=}, for all matrices of the batches.
     *
     * @param shape of each product
     * @param a as many as there are results
     * @param b as many as there are results
     * @param c results, of which none overlaps another
     * @param accumulate whether c is added to, not overwritten
     */
    void gemmBatched(GemmShape shape, MatrixBatch a, MatrixBatch b, MatrixBatch c, boolean accumulate);

    /**
     * Packs a right operand for products that take it so.
     *
     * @param b [k, n], or transposed [n, k]
     * @param transposed whether b is stored so, as layout NT has it
     * @param packed of k rows and n columns; what was packed there is overwritten
     */
    void pack(MatrixView b, boolean transposed, PackedMatrix packed);

    /**
     * {@code sums[j] += Σ_i x[i,j]}: the sum over i is a {@link io.ketju.tensor.simd.ColumnSum}.
     *
     * @param x [m, n]
     * @param sums added to, [n]
     */
    void sumRowsAccumulate(Tensor x, Tensor sums);
}
