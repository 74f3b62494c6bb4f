/** Arithmetic between tensors. */
@NullMarked
package io.ketju.layers.arithmetic;

import org.jspecify.annotations.NullMarked;
