/**
 * Matrix products: {@link io.ketju.tensor.kernel.matrix.MatrixKernels} says what is computed and in which order, {@code
 * ScalarMatrix} defines the bits ({@code BlockedSum} is the definition of a sum of products), {@code VectorMatrix} gives the
 * same bits fast. Convolution and attention are built of the same parts.
 *
 * <pre>
 * VectorMatrix.gemm  checks (GemmChecks), turns operands into addresses, and hands over to
 *
 *   GemmRun ─┬─ a few numbers ────────▶ TinyProduct: operands are read where they lie
 *            ├─ small ────────────────▶ one tile, by the caller
 *            └─ all others, by GemmPlan, from the shape alone:
 *                 TILES     b is packed first, then tiles of c
 *                 STRIPES   c has few rows: each stripe of columns packs its own part of b
 *                 BLOCKS    c is small and k long: K-blocks side by side, added in order afterwards (Folding)
 *
 * a tile of c, for each K-block of k:
 *
 *   LeftOperand  ──copies rows of a──▶ LeftBlock    a Java array that numbers are broadcast from, in RowGroups
 *   RightOperand ──packs columns────▶ RightPanels  or reads b where it lies (RowDistances), or takes a PackedMatrix
 *                                        │
 *   BlockProduct ── every group of rows with every panel ──▶ MicroKernel
 *
 *   TileEpilogue, after the last K-block: bias, activation, residual (GemmEpilogue), while the tile is in the cache
 * </pre>
 *
 * <p>The innermost loop. A micro-kernel keeps a block of results, some rows by a few vectors, in registers over a whole
 * K-block; it reads one number of a per row and one row of the panel per k:
 *
 * <pre>
 *                          k ──▶
 *    LeftBlock  (6 rows)  [a0 ...]       RightPanels, row k   [ b0 | b1 | b2 | b3 ]   vectors
 *                         [a1 ...]
 *                            :             c(i, v) = fma(broadcast a(i, k), b(k, v), c(i, v))
 *                         [a5 ...]
 * </pre>
 *
 * <p>Its classes differ in their numbers only (rows, vectors, where a and b lie), so {@code MicroKernelCompiler} writes them
 * and {@code MicroKernels} keeps them. Operands may also be derived while they are copied: {@code ActivationGradient} is
 * {@code dy · act'(saved)}, computed by {@code GradientSource} piece by piece, and may add up a bias gradient in passing.
 */
@NullMarked
package io.ketju.tensor.kernel.matrix;

import org.jspecify.annotations.NullMarked;
