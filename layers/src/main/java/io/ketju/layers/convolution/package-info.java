/** Convolutions over images and sequences, and their transposed forms. Start with {@link Conv2d}. */
@NullMarked
package io.ketju.layers.convolution;

import org.jspecify.annotations.NullMarked;
