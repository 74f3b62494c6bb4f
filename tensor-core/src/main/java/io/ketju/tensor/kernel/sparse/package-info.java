/**
 * Sparse matrices by rows (CSR) and their products with dense ones. {@link io.ketju.tensor.kernel.sparse.CsrMatrix} is the
 * matrix, checked once when it is made; {@code CsrBuilder} makes one and its transpose before a run, {@code
 * CsrTransposition} a transpose within a step. {@code SparseKernels} says what is computed, {@code
 * ScalarSparse} defines the bits, {@code VectorSparse} gives the same bits fast.
 *
 * <p>A call of {@code multiply(a, x, y)}: rows of a are cut into tiles of about equal work; for each row some vectors of
 * columns of y stay in registers while its elements go by ({@code RowProducts}), in the order in which they are stored: one
 * multiply-add each. The gradient of x is a product with the transposed matrix, the gradient of a's values a dot product per
 * element.
 *
 * <p>{@code transposedAccumulate} sorts the elements by column first ({@code ColumnOrder}): what is added to one row of the
 * result lies together, so that it is read and written once ({@code TransposedSums}), and threads have rows of their own.
 */
@NullMarked
package io.ketju.tensor.kernel.sparse;

import org.jspecify.annotations.NullMarked;
