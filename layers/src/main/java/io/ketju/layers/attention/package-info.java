/**
 * Attention and its projections. Start with {@link io.ketju.layers.attention.ScaledDotProductAttention}; {@code AdditiveScores}
 * compares by neurons instead of products, for the blocks of additive attention.
 */
@NullMarked
package io.ketju.layers.attention;

import org.jspecify.annotations.NullMarked;
