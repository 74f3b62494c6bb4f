package io.ketju.layers.vocabulary;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.vocabulary.TokenShares;
import java.util.Optional;

/** By what probability tokens are drawn to be told from the targets: by how often each occurs. */
final class Negatives {
    private Negatives() {}

    /**
     * Overwrites the shares. Throws {@link IllegalArgumentException} if a count is negative, or none is above 0.
     *
     * @param counts INT32 [tokens]
     */
    static void share(Tensor counts, double power, TokenShares shares) {
        int tokens = counts.elements();
        double total = addUp(counts, power, Optional.empty(), 0);
        if (!(total > 0)) {
            throw new IllegalArgumentException(
                    "expected a count above 0 of at least one token, found none of " + tokens);
        }
        addUp(counts, power, Optional.of(shares.upTo()), total);
        shares.guide();
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
}
