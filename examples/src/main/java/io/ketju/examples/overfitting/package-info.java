/** A curve through noisy points, by networks that are too small, large enough, and held back; weights of a classifier that L2 holds back; digits. */
@NullMarked
package io.ketju.examples.overfitting;

import org.jspecify.annotations.NullMarked;
