/**
 * Moving elements by index: embeddings, gather and scatter, concatenation, permutation, top-k. {@link
 * io.ketju.tensor.kernel.indexing.IndexingKernels} says what is moved where, {@code ScalarIndexing} defines the bits, {@code
 * VectorIndexing} gives the same bits fast; both check their operands by {@code Indexes}.
 *
 * <pre>
 * forward, whole rows      embeddingForward, gather, concat, split ─▶ RowLoops copies rows
 *          dimensions      permute ─▶ Permutation merges dimensions that stay together ─▶ PermutedBlocks copies rows, or
 *                          transposes blocks in registers
 *          largest         topK ─▶ RowSearch, row by row
 *
 * embeddingBackward        threads share the columns of the table, so each element has one writer
 *                            FrequentRows        which rows occur so often that their sum goes by blocks (ColumnSum)
 *                            EmbeddingGradient   adds the others in the order of the positions
 * </pre>
 */
@NullMarked
package io.ketju.tensor.kernel.indexing;

import org.jspecify.annotations.NullMarked;
