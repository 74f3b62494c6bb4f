package io.ketju.layers.vocabulary;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.random.CounterRandom;
import java.util.Optional;

/** Which tokens are to be told from the targets. */
@FunctionalInterface
interface Negatives {
    /** Ranges of numbers, all equally long. */
    int GUIDES = 4096;

    /** From a number of 31 bits to its range. */
    int SHIFT = 31 - Integer.numberOfTrailingZeros(GUIDES);

    /** That of a place. */
    int token(int place);

    static Negatives given(Tensor tokens) {
        return tokens::getInt;
    }

    /**
     * What draws are made in; all is overwritten.
     *
     * @param table INT32 [tokens]: probabilities added up, in parts of 2^31 - 1
     * @param guides INT32 [{@link #GUIDES}]: for each range of numbers the token of its first
     * @param numbers INT32 [places]: which number each place draws
     */
    record Room(Tensor table, Tensor guides, Tensor numbers) {}

    /**
     * Drawn by how often each token occurs. A token has the numbers below its entry in the table that are not below the one
     * before: so one without probability is never drawn. Throws {@link IllegalArgumentException} if a count is negative, or none
     * is above 0.
     *
     * @param first index of the draw of place 0; the others follow
     * @param counts INT32 [tokens]
     */
    static Negatives drawn(CounterRandom random, long first, Tensor counts, double power, Room room) {
        int tokens = counts.elements();
        double total = addUp(counts, power, Optional.empty(), 0);
        if (!(total > 0)) {
            throw new IllegalArgumentException(
                    "expected a count above 0 of at least one token, found none of " + tokens);
        }
        addUp(counts, power, Optional.of(room.table()), total);
        guide(room.table(), room.guides());
        random.below(first, Integer.MAX_VALUE, room.numbers());
        return place -> above(room.table(), room.guides(), room.numbers().getInt(place));
    }

    /** The sum of all weights, and in the table the share of each sum on the way. Tokens beside each other often have the same count. */
    private static double addUp(Tensor counts, double power, Optional<Tensor> table, double total) {
        double sum = 0;
        double weight = 0;
        int tokens = counts.elements();
        for (int token = 0; token < tokens; token++) {
            if (token == 0 || counts.getInt(token) != counts.getInt(token - 1)) {
                weight = weight(counts, token, power);
            }
            sum += weight;
            if (table.isPresent()) {
                table.get().setInt(token, (int) (sum / total * Integer.MAX_VALUE));
            }
        }
        return sum;
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
