/** Moving elements by index: embeddings, gather and scatter, concatenation, permutation, top-k. */
@NullMarked
package io.ketju.tensor.kernel.indexing;

import org.jspecify.annotations.NullMarked;
