/**
 * Poolings over images, and over sequences, which are images of height 1 ({@link io.ketju.layers.Planes}). Windows slide ({@link
 * SlidingPool}) or follow from the size of the output ({@link AdaptivePool}). Start with {@link MaxPool2d}.
 */
@NullMarked
package io.ketju.layers.pooling;

import org.jspecify.annotations.NullMarked;
