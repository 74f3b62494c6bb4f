package io.ketju.tensor.random;

/**
 * The Philox4x32-10 block cipher: four 32-bit words of output for a 128-bit counter and a 64-bit key (Salmon et al., SC
 * 2011, section 3.3). Used as a hash; not for secrets.
 */
final class Philox {
    static final int ROUNDS = 10;
    static final long MULTIPLIER_0 = 0xD2511F53L;
    static final long MULTIPLIER_1 = 0xCD9E8D57L;
    static final int WEYL_0 = 0x9E3779B9;
    static final int WEYL_1 = 0xBB67AE85;
    private static final long LOW = 0xffffffffL;

    private Philox() {}

    /**
     * All four output words of a block.
     *
     * @param first words 0 and 1, the earlier in the low half
     * @param second words 2 and 3
     */
    record Words(long first, long second) {}

    /**
     * Two of the four output words as one long, the earlier word in the low half.
     *
     * @param key key words 1 (high half) and 0
     * @param low counter words 1 (high half) and 0
     * @param high counter words 3 (high half) and 2
     * @param pair 0 for output words 0 and 1, 1 for output words 2 and 3
     */
    static long block(long key, long low, long high, int pair) {
        Words words = words(key, low, high);
        return pair == 0 ? words.first() : words.second();
    }

    /** The whole block of these. */
    static Words words(long key, long low, long high) {
        int c0 = (int) low;
        int c1 = (int) (low >>> 32);
        int c2 = (int) high;
        int c3 = (int) (high >>> 32);
        int k0 = (int) key;
        int k1 = (int) (key >>> 32);
        for (int round = 0; round < ROUNDS; round++) {
            long product0 = MULTIPLIER_0 * (c0 & LOW);
            long product1 = MULTIPLIER_1 * (c2 & LOW);
            c0 = (int) (product1 >>> 32) ^ c1 ^ k0;
            c1 = (int) product1;
            c2 = (int) (product0 >>> 32) ^ c3 ^ k1;
            c3 = (int) product0;
            k0 += WEYL_0;
            k1 += WEYL_1;
        }
        return new Words((c0 & LOW) | (long) c1 << 32, (c2 & LOW) | (long) c3 << 32);
    }
}
