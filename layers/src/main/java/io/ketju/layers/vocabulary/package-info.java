/**
 * What a word's vector learns by where a softmax over the whole vocabulary would be too long: a few rows of a table for each
 * sample, scored against its vector, each right or wrong. {@link io.ketju.layers.vocabulary.NegativeSampling} takes the
 * target's row and some that are drawn, {@link io.ketju.layers.vocabulary.HierarchicalSoftmax} those on the target's path
 * through a tree; {@code ScoredRows} is what both compute, by the kernels of {@link io.ketju.tensor.kernel.vocabulary}.
 */
@NullMarked
package io.ketju.layers.vocabulary;

import org.jspecify.annotations.NullMarked;
