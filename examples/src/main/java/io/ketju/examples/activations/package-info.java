/** Activation functions, their slopes, and what is left of a gradient behind many of them. */
@NullMarked
package io.ketju.examples.activations;

import org.jspecify.annotations.NullMarked;
