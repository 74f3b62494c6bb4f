/**
 * Shapes and tensors: views on memory, without arithmetic. Memory and its owners are in {@code memory}, the maths in
 * {@code kernel}, the worker pool in {@link io.ketju.tensor.core.TensorCore}. Depends on the JDK alone.
 */
@NullMarked
package io.ketju.tensor;

import org.jspecify.annotations.NullMarked;
