/**
 * What all kernels are made of: the vector width, memory by address, mathematical functions, the order of sums, and
 * the cutting of loops into tiles. For kernels only.
 */
@NullMarked
package io.ketju.tensor.simd;

import org.jspecify.annotations.NullMarked;
