/**
 * Arithmetic on elements: sums, products, powers, comparisons, values added along rows or columns. {@link
 * io.ketju.tensor.kernel.elementwise.ElementwiseKernels} has the calls, {@code ElementwiseFormulas} the formula of each
 * ({@link io.ketju.tensor.kernel.formula}), also those of the enums {@code Unary} and {@code Binary}. {@code
 * ScalarElementwise} interprets it and so defines the bits, {@code VectorElementwise} runs it compiled. Another function is
 * a constant in one of the enums and a line in the formulas.
 *
 * <p>Powers, which have double precision inside, and values added along rows or columns are no formulas: {@code
 * ParameterLoops}. {@code Broadcast} checks rows and columns.
 */
@NullMarked
package io.ketju.tensor.kernel.elementwise;

import org.jspecify.annotations.NullMarked;
