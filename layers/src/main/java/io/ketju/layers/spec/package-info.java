/**
 * Things that are written as text, {@code Conv2d(1, 6, kernel_size=5)}: the form, what is to be known of each, and registries. Start with
 * {@link Spec} and {@link Description}.
 */
@NullMarked
package io.ketju.layers.spec;

import org.jspecify.annotations.NullMarked;
