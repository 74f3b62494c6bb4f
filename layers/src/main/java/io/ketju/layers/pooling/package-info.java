/** Poolings over images. Start with {@link MaxPool2d}. */
@NullMarked
package io.ketju.layers.pooling;

import org.jspecify.annotations.NullMarked;
