/**
 * Max and average pooling of planes. {@link io.ketju.tensor.kernel.pooling.PoolingKernels} says what is computed, {@code
 * ScalarPooling} defines the bits, {@code VectorPooling} gives the same bits fast. {@code PoolShape} checks the sizes of a
 * call; {@code PoolAxis} and {@code PoolBins} say which positions each output takes along one axis.
 *
 * <pre>
 * VectorPooling, tiles of whole planes:
 *
 *   windows of 2 x 2 side by side ─▶ MaximumRows.halve
 *   narrow windows ───────────────▶ PhaseImage takes each row apart, so that one tap of neighbouring windows is a vector:
 *                                      columns   0 1 2 3 4 5   stride 2 ─▶  0 2 4 | 1 3 5
 *                                    MaximumRows or AverageRows go over its taps (Taps)
 *   averages of whole planes ─────▶ AveragePlanes
 *   bins of unequal sizes ────────▶ AdaptivePlanes: as many planes at a time as a vector has lanes, transposed
 * </pre>
 *
 * <p>Max pooling keeps the position of each maximum; its backward pass adds dy there, whatever the window was.
 */
@NullMarked
package io.ketju.tensor.kernel.pooling;

import org.jspecify.annotations.NullMarked;
