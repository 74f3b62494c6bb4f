package io.ketju.layers.vocabulary;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.random.CounterRandom;

/** Which tokens are to be told from the targets. */
@FunctionalInterface
interface Negatives {
    /** Ranges of numbers, all equally long. */
    int GUIDES = 4096;

    /** From a number of 31 bits to its range. */
    int SHIFT = 31 - Integer.numberOfTrailingZeros(GUIDES);

    /** That of an index: given ones lie there, drawn ones are a function of it. */
    int token(long index);

    static Negatives given(Tensor tokens) {
        return index -> tokens.getInt(Math.toIntExact(index));
    }

    /**
     * Drawn by how often each token occurs. A token has the numbers below its entry in the table that are not below the one
     * before: so one without probability is never drawn. Throws {@link IllegalArgumentException} if a count is negative, or none
     * is above 0.
     *
     * @param counts INT32 [tokens]
     * @param table INT32 [tokens], overwritten: probabilities added up, in parts of 2^31 - 1
     * @param guides INT32 [{@link #GUIDES}], overwritten: for each range of numbers the token of its first
     */
    static Negatives drawn(CounterRandom random, Tensor counts, double power, Tensor table, Tensor guides) {
        int tokens = counts.elements();
        double total = 0;
        for (int token = 0; token < tokens; token++) {
            total += weight(counts, token, power);
        }
        if (!(total > 0)) {
            throw new IllegalArgumentException(
                    "expected a count above 0 of at least one token, found none of " + tokens);
        }
        double sum = 0;
        for (int token = 0; token < tokens; token++) {
            sum += weight(counts, token, power);
            table.setInt(token, (int) (sum / total * Integer.MAX_VALUE));
        }
        guide(table, guides);
        return index -> above(table, guides, random.below(index, Integer.MAX_VALUE));
    }

    private static double weight(Tensor counts, int token, double power) {
        int count = counts.getInt(token);
        if (count < 0) {
            throw new IllegalArgumentException("expected counts of at least 0, found " + count + " of token " + token);
        }
        // The usual power is two roots: they take a tenth of the time, and their bits are those of every JVM too.
        return power == 0.75 ? Math.sqrt(count * Math.sqrt(count)) : StrictMath.pow(count, power);
    }

    private static void guide(Tensor table, Tensor guides) {
        int token = 0;
        for (int range = 0; range < GUIDES; range++) {
            token = above(table, token, range << SHIFT);
            guides.setInt(range, token);
        }
    }

    /** The first token whose entry is above a number: a step or two from its range's, where a search takes a dozen. */
    private static int above(Tensor table, Tensor guides, int number) {
        return above(table, guides.getInt(number >>> SHIFT), number);
    }

    private static int above(Tensor table, int from, int number) {
        int last = table.elements() - 1;
        int token = from;
        while (token < last && table.getInt(token) <= number) {
            token++;
        }
        return token;
    }
}
