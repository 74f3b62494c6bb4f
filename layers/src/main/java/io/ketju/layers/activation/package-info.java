/** Activation functions: {@link Activations} is the table, {@link Pointwise} computes. */
@NullMarked
package io.ketju.layers.activation;

import org.jspecify.annotations.NullMarked;
