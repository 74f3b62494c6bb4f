/** Attention and its projections. Start with {@link ScaledDotProductAttention}. */
@NullMarked
package io.ketju.layers.attention;

import org.jspecify.annotations.NullMarked;
