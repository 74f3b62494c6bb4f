/**
 * Convolutions: {@link io.ketju.tensor.kernel.convolution.ConvolutionKernels} says what is computed and in which order,
 * {@code ScalarConvolution} defines the bits, {@code VectorConvolution} gives the same bits fast. Start there: each of its
 * methods checks its operands and then takes one of three ways, by the shape alone.
 *
 * <pre>
 * forward (and the input gradient, which is a forward pass over dy with other weights)
 *
 *   VectorConvolution ─┬─ window of one element, large planes ─▶ one matrix product per sample (matrix.GemmRun)
 *                      ├─ each channel a group of its own ─────▶ DepthwisePlanes
 *                      └─ all others ──────────────────────────▶ ColumnProduct
 *
 *   ColumnProduct      one task per (samples, group, band of rows, chunk of result planes), cut by ColumnCut:
 *     1  TapImage        copies the samples with their padding as zeros (RowCopies moves the rows)
 *     2  TapGrid         knows how far each tap lies from its position in that copy: a table per K-block
 *     3  LeftBlock       takes the weights of a K-block                                      (matrix)
 *     4  BlockProduct    multiplies: columns are read through the table, never written out   (matrix, MicroKernel)
 *        or PositionRuns copies them side by side first, where ColumnCut finds that cheaper
 *     5  ResultRows      copies the sums to y, and PlaneEpilogue adds the bias and applies the activation
 *
 *   DepthwisePlanes    as many planes as a vector has lanes, transposed by DepthwiseLayout, summed by DepthwiseRow with
 *                      PlaneWeights, transposed back
 * </pre>
 *
 * <p>Why a tap is a distance. One channel of 3 x 4, window 3 x 3, padding 1; {@code .} is a zero that was written. Zeros
 * behind a row are those before the next, so a row of the copy has 5 floats:
 *
 * <pre>
 *   . . . . . .        position (0,0) is read from the corner of the copy,
 *   . a b c d          its tap (kh, kw) from 5 · kh + kw floats further on.
 *   . e f g h          The next position is the next float: a whole row of
 *   . i j k l          positions is a few vectors, and a tap only moves the
 *   . . . . . .        address. No position ever asks whether it is inside.
 * </pre>
 *
 * <p>With a stride, {@code TapImage} takes the plane apart into phases (rows and columns of the same rest), within which
 * neighbouring positions are neighbours again. The input gradient of a strided convolution reads one image, but its
 * results fall into one grid per phase ({@code GradientGrids}, {@code GradientWeights}).
 *
 * <pre>
 * weight gradient: sums over positions, so positions are what the product sums over
 *
 *   VectorConvolution ─┬─ depthwise ─────────────────────▶ DepthwiseWeightGradient: lanes are channels
 *                      ├─ window of one element ─────────▶ one matrix product per sample
 *                      └─ all others ────────────────────▶ WeightGradient: taps (copied by PositionRuns) times dy
 *                                                           transposed, K-blocks of positions; partial sums of samples
 *                                                           are added in their order (matrix.Folding)
 * bias gradient: BiasGradient
 * </pre>
 *
 * <p>What depends on the shape alone ({@code ColumnProduct}, {@code WeightGradient} and their layouts) is made once and
 * kept by {@code LayoutCache}. What belongs to a call ({@code ColumnCall}, {@code WeightCall}) and to a piece of it ({@code
 * ColumnTask}, {@code WeightPass}) are objects that each thread has one of and uses again, so that training allocates
 * nothing here. Work is cut by the shape, never by the number of
 * threads, and the order of each sum is that of the definition whichever way was taken.
 */
@NullMarked
package io.ketju.tensor.kernel.convolution;

import org.jspecify.annotations.NullMarked;
