/** Images through a narrow place, without labels: what has to be known to draw a digit again. */
@NullMarked
package io.ketju.examples.autoencoder;

import org.jspecify.annotations.NullMarked;
