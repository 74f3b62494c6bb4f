/** Everything that jobs can name, as lists and pages. Start with {@link Catalogue}; {@link Layers} has all layers. */
@NullMarked
package io.ketju.layers.catalogue;

import org.jspecify.annotations.NullMarked;
