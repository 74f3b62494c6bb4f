/**
 * Sums, extremes and moments over all elements, rows or columns. {@link io.ketju.tensor.kernel.reduction.ReductionKernels}
 * says what is computed and in which order, {@code ScalarReduction} defines the bits, {@code VectorReduction} gives the same
 * bits fast.
 *
 * <pre>
 * order of a sum   all       blocks of a fixed size, each in 16 virtual lanes; the blocks are added in order
 *                  rows      16 virtual lanes, folded in halves (simd.LaneSum); of long rows in blocks
 *                  columns   blocks of rows, added in ascending order (simd.ColumnSum)
 *
 * VectorReduction ─┬─ all, squaredNorm ─▶ one tile per block: RowLoops, DoubleSum; then the caller's thread adds
 *                  ├─ rows ─────────────▶ tiles of rows: RowLoops, MomentLoops
 *                  └─ columns ──────────▶ one tile per block of rows: ColumnLoops, simd.VectorColumnSum; then the blocks
 * </pre>
 *
 * <p>The blocks depend on the shape alone, so the number of threads changes no bit.
 */
@NullMarked
package io.ketju.tensor.kernel.reduction;

import org.jspecify.annotations.NullMarked;
