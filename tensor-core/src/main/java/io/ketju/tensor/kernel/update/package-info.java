/**
 * Updates of parameters by optimizers, in one pass over memory each. {@link io.ketju.tensor.kernel.update.UpdateKernels} has
 * the steps with their hyperparameters, {@code ScalarUpdates} has the formulas and so defines the bits, {@code
 * VectorUpdates} gives the same bits fast.
 *
 * <p>A call of {@code adam(step, w, dw, m, v)}: {@code AdamFactors} computes in double what depends on the step alone and
 * rounds it once, as PyTorch does; {@code VectorUpdates} checks the sizes and cuts the elements into tiles; {@code
 * VectorAdam} goes over a tile, a masked vector at its end. Every optimizer has such a pair, {@code ...Factors} and {@code
 * Vector...}; what they share is in {@code Gradient} (weight decay, sign), {@code Average} and {@code VectorFormulas}.
 * {@code VectorClipping} scales and clamps gradients.
 */
@NullMarked
package io.ketju.tensor.kernel.update;

import org.jspecify.annotations.NullMarked;
