/**
 * Planes whose elements are others' or weighted sums of others': padded at their edges, cut, enlarged and reduced. {@link
 * io.ketju.tensor.kernel.resampling.ResamplingKernels} says what is computed, {@code ScalarResampling} defines the bits,
 * {@code VectorResampling} gives the same bits fast. {@link io.ketju.tensor.kernel.resampling.AxisMap} is the one table
 * behind all: what each position of an axis takes, a tap of weight 1 ({@link
 * io.ketju.tensor.kernel.resampling.PaddingMode}, nearest neighbours) or some with weights ({@link
 * io.ketju.tensor.kernel.resampling.Interpolation}).
 *
 * <pre>
 * forward    each row of x ─▶ its columns (ColumnTaps) ─▶ rows of y: copies, or weighted sums of such rows
 * backward   the rows of dy that took from a row of x ─▶ their weighted sum ─▶ what its columns give to that row of dx
 * </pre>
 */
@NullMarked
package io.ketju.tensor.kernel.resampling;

import org.jspecify.annotations.NullMarked;
