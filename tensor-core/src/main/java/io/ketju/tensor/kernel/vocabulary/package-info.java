/**
 * What losses over a large vocabulary do with a few rows of a table for each sample. {@link
 * io.ketju.tensor.kernel.vocabulary.VocabularyKernels} says what is computed, {@code ScalarVocabulary} defines the bits, {@code
 * VectorVocabulary} gives the same bits fast.
 *
 * <p>A step of negative sampling: {@code draw} makes tokens of random numbers by {@code TokenShares}, {@code choose} lists for
 * each row its targets and what is to be told from them, {@code score} takes some rows at a time: their dot products with
 * what is listed ({@code RowDots}, four at once), the logistic loss of those and its slopes, all while it is in the fastest cache.
 * Backward, {@code scale} makes gradients of the slopes, whose products are those of {@link io.ketju.tensor.kernel.sparse}.
 */
@NullMarked
package io.ketju.tensor.kernel.vocabulary;

import org.jspecify.annotations.NullMarked;
