/** A curve through noisy points, by networks that are too small, large enough, and held back. */
@NullMarked
package io.ketju.examples.overfitting;

import org.jspecify.annotations.NullMarked;
