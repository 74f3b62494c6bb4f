package io.ketju.layers.optimizer;

import java.util.List;

/** What is to be done with every parameter after an evaluation, and with what is kept of it, in the order of a list. */
public sealed interface LBFGSMove {
    /** Which gradient goes on as that of the evaluation. */
    enum From {
        /** The one that was kept. */
        KEPT,
        /** The one where the iteration began. */
        START
    }

    /** The gradient is copied, as the best of a line search so far. */
    record Keep() implements LBFGSMove {}

    /**
     * Another gradient is copied to its place.
     *
     * @param from which
     */
    record Restore(From from) implements LBFGSMove {}

    /**
     * A pair of the history: {@code s = t · d} and {@code y = g - p}.
     *
     * @param place in the history, from 0
     * @param t how far the iteration went
     */
    record Remember(int place, double t) implements LBFGSMove {}

    /**
     * The direction {@code d = ofGradient · g + Σ (ofMove · s + ofChange · y)}, added in the order of the terms.
     *
     * @param ofGradient what the gradient counts
     * @param terms one for each pair that counts
     */
    record Direct(double ofGradient, List<Term> terms) implements LBFGSMove {
        /**
         * What a pair of the history counts.
         *
         * @param place of the pair, from 0
         * @param ofMove factor of its {@code s}
         * @param ofChange factor of its {@code y}
         */
        public record Term(int place, double ofMove, double ofChange) {}

        /** Copies the terms. */
        public Direct {
            terms = List.copyOf(terms);
        }
    }

    /** An iteration begins here: the gradient is copied, and with a line search the weights are. */
    record Begin() implements LBFGSMove {}

    /**
     * The weights go on: {@code w = w + t · d}.
     *
     * @param t how far
     */
    record Go(double t) implements LBFGSMove {}

    /**
     * The weights are set, from where the iteration began: {@code w = x_init + t · d}.
     *
     * @param t how far
     */
    record Place(double t) implements LBFGSMove {}
}
