package io.ketju.layers.optimizer;

import java.util.List;

/**
 * What an {@link LBFGSSearch} hears of one evaluation, in double, over all parameters. {@code g} is the gradient of the
 * evaluation, {@code d} the direction, {@code p} the gradient where the iteration began; of those that are not yet there, 0.
 *
 * @param loss what is minimised
 * @param squares g · g
 * @param magnitudes sum of |g|
 * @param largest the largest |g|
 * @param slope g · d
 * @param reach the largest |d|
 * @param withPrevious g · p
 * @param withMoves g · s of each of the history's places
 * @param withChanges g · y of each of them
 */
public record LBFGSEvaluation(
        double loss,
        double squares,
        double magnitudes,
        double largest,
        double slope,
        double reach,
        double withPrevious,
        List<Double> withMoves,
        List<Double> withChanges) {
    /** Copies the lists. */
    public LBFGSEvaluation {
        withMoves = List.copyOf(withMoves);
        withChanges = List.copyOf(withChanges);
    }
}
