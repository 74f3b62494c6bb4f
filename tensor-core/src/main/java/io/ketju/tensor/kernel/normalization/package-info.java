/**
 * Normalization over channels (batch), groups and rows (layer, RMS): {@link
 * io.ketju.tensor.kernel.normalization.NormalizationKernels} says what is computed and in which order, the {@code Scalar...}
 * classes define the bits, {@code VectorNormalization} gives the same bits fast.
 *
 * <pre>
 * What one mean and one variance are taken of, in x [samples, channels, spatial]:
 *
 *            channel 0   channel 1   channel 2   channel 3
 * sample 0  [  plane  ] [         ] [         ] [         ]      batch: one column of planes, all samples
 * sample 1  [         ] [         ] [         ] [         ]      group: some planes side by side in one sample
 *                                                                layer, RMS: one row of [rows, columns]
 *
 * VectorNormalization checks the operands (Sizes) and chooses:
 *
 *   batch, planes of several elements ─▶ VectorBatchNorm, VectorBatchNormGradient      tile: whole channels
 *   batch, [samples, channels] ────────▶ VectorColumnNorm, VectorColumnNormGradient    tile: a strip of channels
 *   group, instance ───────────────────▶ VectorGroupNorm                               tile: whole groups
 *   layer, RMS ────────────────────────▶ VectorRowNorm                                 tile: rows
 *
 * One forward pass of a tile of VectorBatchNorm:
 *
 *   1  VectorRuns     mean and squared deviations of each plane, 16 virtual lanes, in blocks (VectorQuads: four at once)
 *   2  Moments        merges the planes in double, samples ascending (Chan, Golub and LeVeque)
 *   3  VectorPlanes   y = fma(x - mean, scale, beta), and the epilogue: ReLU, or add and ReLU
 *
 * and backward:
 *
 *   1  VectorPlaneSums  sums of g and of g · (x - mean), g being dy where the epilogue lets it through
 *   2  Coefficients     the numbers of the plane, in double from those sums, rounded once
 *   3  VectorPlanes     dx = fma(-k, x - mean, fma(scale, g, -c))
 * </pre>
 *
 * <p>Rows and groups go the same way with {@code VectorRows} in place of {@code VectorPlanes} for rows, strips of channels
 * with {@code VectorColumns}. {@code BatchStatistics} is step 1 and 2 for a convolution that has just written its results.
 */
@NullMarked
package io.ketju.tensor.kernel.normalization;

import org.jspecify.annotations.NullMarked;
