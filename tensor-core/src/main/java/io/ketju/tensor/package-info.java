/**
 * Shapes and tensors: views on memory, without arithmetic. Depends on the JDK alone.
 *
 * <p>A {@link io.ketju.tensor.Tensor} is a piece of memory with an element type and a {@link io.ketju.tensor.Shape}; a
 * {@link io.ketju.tensor.TensorType} is what is known of it before there is memory. Rooms, from the bottom: {@code memory}
 * (who owns it), {@code random}, {@code simd} and {@code kernel} (the maths), {@code core} (the worker pool). From a layer
 * to the processor: {@code Kernels.matrix().gemm(...)} takes tensors of an arena, cuts its work into tiles, and {@code
 * TensorCore} runs them on its workers.
 */
@NullMarked
package io.ketju.tensor;

import org.jspecify.annotations.NullMarked;
