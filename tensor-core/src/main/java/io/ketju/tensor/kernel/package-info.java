/**
 * The maths: forward and backward side by side, without state, without allocation. Every kernel has one order of
 * operations per output element, whatever the vector width, the tiling or the number of workers, and a scalar twin
 * that gives the same bits. Names follow BLAS and the field: {@code x y dy dx w dw}, {@code m n k lda ldb ldc}.
 */
@NullMarked
package io.ketju.tensor.kernel;

import org.jspecify.annotations.NullMarked;
