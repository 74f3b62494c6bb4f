package io.ketju.tensor.kernel.vocabulary;

import io.ketju.tensor.DType;
import io.ketju.tensor.Tensor;

/**
 * How probable each of some tokens is, in parts of 2^31 - 1: a token has the numbers below its entry that are not below the one
 * before, the last also all above. So a token without a share is never drawn, but for the last.
 *
 * @param upTo INT32 [tokens]: shares added up, ascending
 * @param guides INT32 [{@link #GUIDES}]: for each range of numbers the token of its first, which {@link #guide} fills in
 */
public record TokenShares(Tensor upTo, Tensor guides) {
    /** Ranges of numbers, all equally long. */
    public static final int GUIDES = 4096;

    /** Numbers are below it. */
    static final int NUMBERS = Integer.MAX_VALUE;

    /** From a number of 31 bits to its range. */
    static final int SHIFT = 31 - Integer.numberOfTrailingZeros(GUIDES);

    /**
     * Checks types and sizes; that the shares ascend is not looked at.
     *
     * @throws IllegalArgumentException if one is not INT32, there is no token, or not {@link #GUIDES} guides
     */
    public TokenShares {
        if (upTo.dtype() != DType.INT32 || guides.dtype() != DType.INT32) {
            throw new IllegalArgumentException("expected shares and guides of int32, found " + upTo + " and " + guides);
        }
        if (upTo.elements() == 0 || guides.elements() != GUIDES) {
            throw new IllegalArgumentException("expected shares of at least one token and " + GUIDES + " guides, found "
                    + upTo + " and " + guides);
        }
    }

    /** To be called when the shares are there. */
    public void guide() {
        int token = 0;
        for (int range = 0; range < GUIDES; range++) {
            token = above(token, range << SHIFT);
            guides.setInt(range, token);
        }
    }

    /** The first token whose entry is above a number: a step or two from its range's, where a search takes a dozen. */
    int token(int number) {
        return above(guides.getInt(number >>> SHIFT), number);
    }

    private int above(int from, int number) {
        int last = upTo.elements() - 1;
        int token = from;
        while (token < last && upTo.getInt(token) <= number) {
            token++;
        }
        return token;
    }
}
