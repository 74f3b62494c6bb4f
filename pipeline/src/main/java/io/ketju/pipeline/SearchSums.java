package io.ketju.pipeline;

import io.ketju.layers.optimizer.LBFGS;
import io.ketju.layers.optimizer.LBFGSEvaluation;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * The doubles that each parameter gives to a step of {@link LBFGS}, in their order; those of the whole model lie in the same places. A head
 * gives as many, of which one is its loss and the others are 0. All are added up, but of two places the largest counts. Here g is the
 * gradient, d the direction of the search and p the gradient where the iteration began.
 *
 * @param heads of the model
 * @param history pairs that are kept
 */
public record SearchSums(int heads, int history) {
    /** g · g, which comes first in every exchange of sums. */
    public static final int SQUARES = 0;
    /** What the penalties of the parameter cost. */
    public static final int PENALTY = 1;

    /** The sum of |g|. */
    public static final int MAGNITUDES = 2;
    /** g · d. */
    public static final int SLOPE = 3;
    /** g · p. */
    public static final int WITH_PREVIOUS = 4;
    /** The largest |g|. */
    public static final int LARGEST = 5;
    /** The largest |d|. */
    public static final int REACH = 6;

    private static final int FIXED = 7;

    /** Most doubles that a stage gives, so that a message stays small: 48 KiB. */
    static final int MOST_OF_STAGE = 6144;

    /** {@return the doubles of each parameter} */
    public int size() {
        return FIXED + heads + 2 * history;
    }

    /** {@return the places of which the largest counts} */
    public static Set<Integer> largest() {
        return Set.of(LARGEST, REACH);
    }

    /**
     * {@return where a head's part in the loss is}
     *
     * @param head from 0
     */
    public int loss(int head) {
        return FIXED + head;
    }

    /**
     * {@return where the product of g with a move of the history is}
     *
     * @param place of the pair, from 0
     */
    public int move(int place) {
        return FIXED + heads + place;
    }

    /**
     * {@return where the product of g with a change of the gradient is}
     *
     * @param place of the pair, from 0
     */
    public int change(int place) {
        return FIXED + heads + history + place;
    }

    /**
     * {@return what a head gives, {@link #size} doubles}
     *
     * @param head from 0
     * @param loss its part in the loss
     */
    public Double[] ofHead(int head, double loss) {
        Double[] sums = new Double[size()];
        Arrays.fill(sums, 0.0);
        sums[loss(head)] = loss;
        return sums;
    }

    /**
     * {@return what the sums over the whole model say; losses are added in the order of the heads}
     *
     * @param sums {@link #size} of them
     */
    public LBFGSEvaluation evaluation(List<Double> sums) {
        double loss = 0;
        for (int head = 0; head < heads; head++) {
            loss += sums.get(loss(head));
        }
        return new LBFGSEvaluation(
                loss + sums.get(PENALTY),
                sums.get(SQUARES),
                sums.get(MAGNITUDES),
                sums.get(LARGEST),
                sums.get(SLOPE),
                sums.get(REACH),
                sums.get(WITH_PREVIOUS),
                sums.subList(move(0), move(0) + history),
                sums.subList(change(0), change(0) + history));
    }
}
