/**
 * Element-wise activation functions and their derivatives. {@link io.ketju.tensor.kernel.activation.Activation} names
 * them and their parameters, {@code ActivationFormulas} has the formula of each ({@link io.ketju.tensor.kernel.formula}),
 * {@code ScalarActivations} interprets it and so defines the bits, {@code VectorActivations} runs it compiled. Another
 * function is a kind in {@code Activation} and a line in each of the two lists of {@code ActivationFormulas}.
 *
 * <p>Which tensor of forward a derivative is computed from, its output or its input, {@code Activation.fromOutput} says.
 * PReLU has a weight per channel, where a formula has one number for all elements, and goes its own way: {@code
 * PReluShape} and {@code PReluRows}. {@code ActivationRows} is for kernels of other rooms that have a few elements in the
 * cache: the epilogues of products and convolutions.
 */
@NullMarked
package io.ketju.tensor.kernel.activation;

import org.jspecify.annotations.NullMarked;
