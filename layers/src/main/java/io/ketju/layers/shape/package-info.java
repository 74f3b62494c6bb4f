/** Layers that change shapes or take parts. */
@NullMarked
package io.ketju.layers.shape;

import org.jspecify.annotations.NullMarked;
