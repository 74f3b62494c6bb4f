/**
 * Element-wise activation functions and their derivatives. {@link io.ketju.tensor.kernel.activation.Activation} names
 * them and their parameters, {@code ActivationFormulas} has the formula of each, {@code ScalarActivations} applies it
 * element by element and so defines the bits, {@code VectorActivations} gives the same bits fast.
 *
 * <pre>
 * forward(activation, x, y) and backward(activation, saved, dy, dx)
 *
 *   VectorActivations    checks the sizes, takes the addresses
 *     Elements (simd)    cuts the elements into tiles, and the rest of a tile that is no whole vector into spare memory
 *       ForwardLoops     one small loop per function, chosen by the function once per tile; the longer formulas are
 *       BackwardLoops    those of VectorFormulas, the ones of two steps go through a buffer (SoftplusLoops)
 * </pre>
 *
 * <p>Which tensor of forward a derivative is computed from, its output or its input, {@code Activation.fromOutput} says.
 * PReLU has a weight per channel and goes its own way: {@code PReluShape} and {@code PReluRows}. {@code ActivationRows} is
 * for kernels of other rooms that have a few elements in the cache: the epilogues of products and convolutions.
 */
@NullMarked
package io.ketju.tensor.kernel.activation;

import org.jspecify.annotations.NullMarked;
