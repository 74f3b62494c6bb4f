/** Losses: value and gradient in one pass, normalised by the denominator of the whole mini-batch. */
@NullMarked
package io.ketju.layers.loss;

import org.jspecify.annotations.NullMarked;
