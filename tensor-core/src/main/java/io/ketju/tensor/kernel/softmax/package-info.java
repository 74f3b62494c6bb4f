/**
 * Softmax and log-softmax over rows (the innermost dimension). {@link io.ketju.tensor.kernel.softmax.SoftmaxKernels} says
 * what is computed, {@code ScalarSoftmax} defines the bits, {@code VectorSoftmax} gives the same bits fast.
 *
 * <p>A call of {@code softmaxForward}: rows are cut into tiles; of each row {@code VectorRows} (simd) finds the largest
 * element, writes the exponentials of the differences while it sums them in 16 virtual lanes, and divides. Backward reads the
 * output alone: {@code dx = y · (dy - Σ y·dy)}. Rows of attention and of cross-entropy are not computed here but by the same
 * steps of {@code VectorRows}.
 */
@NullMarked
package io.ketju.tensor.kernel.softmax;

import org.jspecify.annotations.NullMarked;
