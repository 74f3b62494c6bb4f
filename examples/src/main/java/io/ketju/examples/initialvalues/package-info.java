/** What initial weights make of activations and gradients, and two ways to draw normal numbers. */
@NullMarked
package io.ketju.examples.initialvalues;

import org.jspecify.annotations.NullMarked;
