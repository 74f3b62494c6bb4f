/** Learned rows for tokens, and positions, learned or not. Start with {@link Embedding}. */
@NullMarked
package io.ketju.layers.embedding;

import org.jspecify.annotations.NullMarked;
