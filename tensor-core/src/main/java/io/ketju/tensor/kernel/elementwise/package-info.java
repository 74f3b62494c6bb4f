/**
 * Arithmetic on elements: sums, products, powers, comparisons, values added along rows or columns. {@link
 * io.ketju.tensor.kernel.elementwise.ElementwiseKernels} has the calls, the enums {@code Unary} and {@code Binary} have the
 * formula of each function, {@code ScalarElementwise} applies it element by element and so defines the bits, {@code
 * VectorElementwise} gives the same bits fast.
 *
 * <p>A call of {@code binary}: {@code VectorElementwise} checks the sizes and takes the addresses; {@code Elements} (simd)
 * cuts the elements into tiles and brings the rest of a tile into spare memory, so that loops know whole vectors only;
 * {@code BinaryLoops} has one small loop per function. {@code UnaryLoops} is the same for functions of one number, {@code
 * ParameterLoops} for those with a number beside their vectors, {@code Broadcast} checks rows and columns.
 */
@NullMarked
package io.ketju.tensor.kernel.elementwise;

import org.jspecify.annotations.NullMarked;
