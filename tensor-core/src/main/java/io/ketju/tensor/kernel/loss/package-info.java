/**
 * Losses with their gradients, in one call each, as the gradient needs what the loss has computed. {@link
 * io.ketju.tensor.kernel.loss.LossKernels} says what is computed and in which order, {@code ScalarLoss} and {@code
 * ScalarCrossEntropy} define the bits, {@code VectorLoss} gives the same bits fast. Losses are per element or per row and
 * undivided; whoever calls gives the scale of the gradient.
 *
 * <pre>
 * VectorLoss ─┬─ of classes ─▶ CrossEntropyRun ─┬─ rows of classes ───────────────▶ VectorCrossEntropy, where they lie
 *             │                                 └─ images, classes far apart ─────▶ VectorImageCrossEntropy: positions in the
 *             │                                                                     lanes, or transposed into rows
 *             ├─ of elements ──▶ VectorPointwise: one loop per loss, PointwiseMath has the pieces
 *             │                  or LossFormulas
 *             ├─ of rows ──────▶ VectorRowLosses, CosineTerms; or a RowLoss: a plain loop, cut into rows
 *             └─ allFinite ────▶ VectorFinite: looks for NaN and infinity
 * </pre>
 *
 * <p>{@code LossChecks} checks the operands for both; {@code ClassShape} is PyTorch's layout of classes.
 *
 * <p>The older element-wise losses are loops by hand and not formulas ({@link io.ketju.tensor.kernel.formula}). Tried as formulas they
 * gave the same bits, but Huber's loss took 1.1 times as long in the cache and the divergence of probabilities, whose
 * logarithm is a loop of its own, 1.2 times; and the weights of binary cross-entropy of logits come again with each row,
 * where a formula has operands of equal size.
 */
@NullMarked
package io.ketju.tensor.kernel.loss;

import org.jspecify.annotations.NullMarked;
