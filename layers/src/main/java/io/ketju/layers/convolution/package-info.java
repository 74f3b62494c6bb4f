/** Convolutions over images. Start with {@link Conv2d}. */
@NullMarked
package io.ketju.layers.convolution;

import org.jspecify.annotations.NullMarked;
