/** Layers that are random in training. */
@NullMarked
package io.ketju.layers.regularization;

import org.jspecify.annotations.NullMarked;
