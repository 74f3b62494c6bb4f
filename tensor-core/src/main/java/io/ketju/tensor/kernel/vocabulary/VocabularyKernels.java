package io.ketju.tensor.kernel.vocabulary;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.sparse.CsrMatrix;
import io.ketju.tensor.random.CounterRandom;

/** Rows of a table that are chosen for each sample, and scored against its vector. */
public interface VocabularyKernels {
    /**
     * Draws tokens by their shares: that of place i has the number {@code random.below(first + i, 2^31 - 1)}.
     *
     * @param shares how probable each token is, after {@link TokenShares#guide}
     * @param random the stream of numbers; it does not change
     * @param first place in the stream of the first token's number
     * @param tokens INT32 of any shape, overwritten with indexes of tokens, from 0
     */
    void draw(TokenShares shares, CounterRandom random, long first, Tensor tokens);

    /**
     * Lists for each row its targets, each followed by what it is to be told from, in their order.
     *
     * @param choices targets and others of all rows
     * @param starts INT32 [rows + 1], overwritten: where the list of each row begins, and the last ends
     * @param chosen INT32, its first elements overwritten: all lists, one after the other
     * @param labels FLOAT32, the same: 1 for a target, 0 for others
     * @throws IllegalArgumentException if there is no room for all targets and others
     */
    void choose(Choices choices, Tensor starts, Tensor chosen, Tensor labels);

    /**
     * Scores the rows of a table that each row of x chooses: the score of an element of A is {@code x[its row] · table[its
     * column]}, summed as {@link io.ketju.tensor.kernel.sparse.SparseKernels#backwardValues} does. Its loss and slope are those of {@link
     * io.ketju.tensor.kernel.loss.LossKernels#bceWithLogits} with its label, without weights; the losses of a row are added up in double, in their order.
     *
     * @param a the choices; its values are overwritten by the slopes
     * @param labels FLOAT32 [elements]
     * @param x FLOAT32 [rows, n]
     * @param table FLOAT32 [columns, n]
     * @param losses FLOAT32 [rows], overwritten
     */
    void score(CsrMatrix a, Tensor labels, Tensor x, Tensor table, Tensor losses);

    /**
     * {@code values[e] = slopes[e] · factors[row of e]}.
     *
     * @param a its values are overwritten
     * @param slopes FLOAT32 [elements]
     * @param factors FLOAT32 [rows]
     */
    void scale(CsrMatrix a, Tensor slopes, Tensor factors);
}
