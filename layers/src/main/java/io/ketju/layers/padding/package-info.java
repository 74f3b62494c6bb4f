/** Paddings of sequences and images: all of them are {@link Padding}, by {@link Padding.Kind}. */
@NullMarked
package io.ketju.layers.padding;

import org.jspecify.annotations.NullMarked;
