package io.ketju.tensor.random;

import io.ketju.tensor.Tensor;
import java.nio.charset.StandardCharsets;

/**
 * Counter-based random numbers (Philox4x32-10; Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011):
 * every value is a function of (seed, stream, index). Nothing is stored between calls, so values do not depend on
 * order, thread or place. Immutable. The seed is the key of the cipher, the index and the stream are its counter.
 */
public final class CounterRandom {
    /** Rounds of the cipher. This and the next four are for kernels that compute many blocks at once. */
    public static final int ROUNDS = Philox.ROUNDS;

    /** What word 0 of the counter is multiplied by in each round, to 64 bits; M0 of the paper, below 2^32. */
    public static final long MULTIPLIER_0 = Philox.MULTIPLIER_0;
    /** What word 2 of the counter is multiplied by in each round, to 64 bits; M1 of the paper, below 2^32. */
    public static final long MULTIPLIER_1 = Philox.MULTIPLIER_1;
    /** What is added to word 0 of the key, its lower half, after each round. */
    public static final int WEYL_0 = Philox.WEYL_0;
    /** What is added to word 1 of the key, its upper half, after each round. */
    public static final int WEYL_1 = Philox.WEYL_1;

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;
    private static final float UNIT_24 = 0x1p-24f;
    private static final double UNIT_32 = 0x1p-32;

    private final long seed;
    private final long stream;

    private CounterRandom(long seed, long stream) {
        this.seed = seed;
        this.stream = stream;
    }

    /**
     * {@return random numbers for one purpose: equal seeds and names give equal values, different names independent ones}
     *
     * @param seed any number
     * @param name of the purpose, any text
     */
    public static CounterRandom of(long seed, String name) {
        return new CounterRandom(seed, hash(FNV_OFFSET, name));
    }

    /**
     * {@return the numbers of a part of this purpose, independent of those of the whole}
     *
     * @param name of the part, any text: an epoch, a layer, a step
     */
    public CounterRandom stream(String name) {
        // The separator byte keeps ("a", "bc") and ("ab", "c") apart.
        return new CounterRandom(seed, hash((stream ^ 0xff) * FNV_PRIME, name));
    }

    /** {@return the key of the cipher} */
    public long seed() {
        return seed;
    }

    /** {@return the upper half of the counter of the cipher} */
    public long streamNumber() {
        return stream;
    }

    /**
     * {@return 32 random bits: word {@code index mod 4} of block {@code index / 4}}
     *
     * @param index any number, taken as unsigned
     */
    public int bits32(long index) {
        long block = index >>> 2;
        int word = (int) index & 3;
        long pair = Philox.block(seed, block, stream, word >> 1);
        return (int) ((word & 1) == 0 ? pair : pair >>> 32);
    }

    /**
     * {@return 64 random bits: those of {@link #bits32} at {@code 2 index} in the lower half and {@code 2 index + 1} in the upper}
     *
     * @param index any number, taken as unsigned
     */
    public long bits(long index) {
        return Philox.block(seed, index >>> 1, stream, (int) index & 1);
    }

    /**
     * {@return a number uniform in [0, 1), a multiple of 2^-24: the upper bits of {@link #bits32}}
     *
     * @param index any number, taken as unsigned
     */
    public float uniform(long index) {
        return (bits32(index) >>> 8) * UNIT_24;
    }

    /**
     * {@return a normal number with mean 0 and deviation 1: Box and Muller's transform of {@link #bits}, computed in double}
     *
     * @param index any number, taken as unsigned
     */
    public float normal(long index) {
        long bits = bits(index);
        // (0, 1]: the logarithm must exist.
        double radius = ((bits >>> 32) + 1) * UNIT_32;
        double angle = (bits & 0xffffffffL) * UNIT_32;
        // StrictMath, because Math may differ between JVMs.
        return (float) (StrictMath.sqrt(-2 * StrictMath.log(radius)) * StrictMath.cos(2 * Math.PI * angle));
    }

    /**
     * {@return a whole number uniform in 0 to bound - 1, biased by less than bound / 2^64}
     *
     * @param index any number, taken as unsigned
     * @param bound exclusive, at least 1
     * @throws IllegalArgumentException if the bound is less than 1
     */
    public int below(long index, int bound) {
        requirePositive(bound);
        return (int) Math.unsignedMultiplyHigh(bits(index), bound);
    }

    private static void requirePositive(int bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("bound must be positive, got " + bound);
        }
    }

    /**
     * Overwrites a tensor with {@link #below(long, int)} of ascending indexes: at half the work, as two of them are of one block.
     *
     * @param first index of the first element
     * @param bound exclusive, at least 1
     * @param out int32, of any shape
     * @throws IllegalArgumentException if the bound is less than 1
     */
    public void below(long first, int bound, Tensor out) {
        requirePositive(bound);
        int count = out.elements();
        int at = 0;
        if ((first & 1) == 1 && count > 0) {
            out.setInt(at++, below(first, bound));
        }
        for (; at + 1 < count; at += 2) {
            Philox.Words words = Philox.words(seed, (first + at) >>> 1, stream);
            out.setInt(at, (int) Math.unsignedMultiplyHigh(words.first(), bound));
            out.setInt(at + 1, (int) Math.unsignedMultiplyHigh(words.second(), bound));
        }
        if (at < count) {
            out.setInt(at, below(first + at, bound));
        }
    }

    /**
     * {@return the numbers 0 to n-1 in a random order (Fisher and Yates), by {@link #below(long, int)} of the indexes 0 to n-1}
     *
     * @param n at least 0
     */
    public int[] permutation(int n) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int other = below(i, i + 1);
            order[i] = order[other];
            order[other] = i;
        }
        return order;
    }

    /**
     * Overwrites a tensor with uniform values in [low, high), element i from index i.
     *
     * @param tensor float32, of any shape
     * @param low least value, finite
     * @param high greater than low, finite and exclusive; where it is equal, all elements are low
     */
    public void fillUniform(Tensor tensor, float low, float high) {
        for (int i = 0; i < tensor.elements(); i++) {
            float value = Math.fma(uniform(i), high - low, low);
            // Rounding may reach the excluded end.
            tensor.setFloat(i, value < high ? value : Math.max(low, Math.nextDown(high)));
        }
    }

    /**
     * Overwrites a tensor with normal values, element i from index i.
     *
     * @param tensor float32, of any shape
     * @param mean of the values
     * @param deviation standard deviation of the values
     */
    public void fillNormal(Tensor tensor, float mean, float deviation) {
        for (int i = 0; i < tensor.elements(); i++) {
            tensor.setFloat(i, Math.fma(normal(i), deviation, mean));
        }
    }

    /** 64-bit FNV-1a over the UTF-8 bytes (Fowler, Noll and Vo; RFC 9923). */
    private static long hash(long start, String name) {
        long hash = start;
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * FNV_PRIME;
        }
        return hash;
    }
}
