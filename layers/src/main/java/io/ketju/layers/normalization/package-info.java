/** Normalizations; those by statistics of the batch share {@link BatchNormalization}. */
@NullMarked
package io.ketju.layers.normalization;

import org.jspecify.annotations.NullMarked;
