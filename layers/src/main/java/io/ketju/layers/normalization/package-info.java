/**
 * Normalizations: those by statistics of the batch share {@link BatchNormalization}, those by groups of a sample's channels
 * {@link GroupNormalization}.
 */
@NullMarked
package io.ketju.layers.normalization;

import org.jspecify.annotations.NullMarked;
