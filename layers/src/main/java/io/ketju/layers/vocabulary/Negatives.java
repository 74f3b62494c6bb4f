package io.ketju.layers.vocabulary;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.random.CounterRandom;

/** Which tokens are to be told from the targets. */
@FunctionalInterface
interface Negatives {
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
     */
    static Negatives drawn(CounterRandom random, Tensor counts, double power, Tensor table) {
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
        return index -> above(table, random.below(index, Integer.MAX_VALUE));
    }

    private static double weight(Tensor counts, int token, double power) {
        int count = counts.getInt(token);
        if (count < 0) {
            throw new IllegalArgumentException("expected counts of at least 0, found " + count + " of token " + token);
        }
        // The usual power is two roots: they take a tenth of the time, and their bits are those of every JVM too.
        return power == 0.75 ? Math.sqrt(count * Math.sqrt(count)) : StrictMath.pow(count, power);
    }

    /** The first token whose entry is above a number. */
    private static int above(Tensor table, int number) {
        int low = 0;
        int high = table.elements() - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (table.getInt(middle) > number) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
