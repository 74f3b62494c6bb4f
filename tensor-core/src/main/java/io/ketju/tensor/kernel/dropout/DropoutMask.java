package io.ketju.tensor.kernel.dropout;

import io.ketju.tensor.random.CounterRandom;

/**
 * Which elements dropout keeps, as a function of their index: nothing is stored, and backward asks again. Element i is
 * that of index {@code first + i}. It is kept if {@code random.uniform(j) >= p}, where j is its index with five bits
 * rearranged: of the bits {@code h t t t w} of the index, from 16 down to 1, j has {@code t t t h w}. So the four words
 * of a block of the random numbers lie where the registers have them.
 *
 * @param random of one purpose: seed, layer and step are in it
 * @param first index of the first element of the operands, such as the sample times the elements of one
 * @param p the probability to drop an element, from 0 to 1
 */
public record DropoutMask(CounterRandom random, long first, float p) {
    static final float UNIT = 0x1p-24f;
    private static final int BITS = 24;

    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if the probability is not from 0 to 1, or the first index is negative
     */
    public DropoutMask {
        if (!(p >= 0 && p <= 1)) {
            throw new IllegalArgumentException("probability of dropout must be from 0 to 1, got " + p);
        }
        if (first < 0) {
            throw new IllegalArgumentException("first index of dropout must not be negative, got " + first);
        }
    }

    /** Whether the element is kept, whose index is {@code first + offset}. */
    boolean keeps(long offset) {
        return bits(offset) >= threshold();
    }

    /** The random number of an element, in multiples of 2^-24: {@code uniform(j)}. */
    float uniform(long offset) {
        return bits(offset) * UNIT;
    }

    private int bits(long offset) {
        long index = first + offset;
        long permuted = (index & ~31) | ((index & 14) << 1) | ((index & 16) >> 3) | (index & 1);
        return random.bits32(permuted) >>> (Integer.SIZE - BITS);
    }

    /** 24 random bits, as a number, keep the element from here on. */
    int threshold() {
        return (int) Math.ceil(p * (double) (1 << BITS));
    }

    /** What kept elements are multiplied by: {@code 1 / (1 - p)}, or 0 for p = 1, where none is kept. */
    float scale() {
        return p == 1 ? 0 : (float) (1 / (1 - (double) p));
    }
}
