package io.ketju.tensor.random;

import io.ketju.tensor.Tensor;
import java.nio.charset.StandardCharsets;

/**
 * Counter-based random numbers (Philox4x32-10; Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011):
 * every value is a function of (seed, stream, index). Nothing is stored between calls, so values do not depend on
 * order, thread or place. Immutable. The seed is the key of the cipher, the index and the stream are its counter.
 */
public final class CounterRandom {
    /** The cipher's constants, for kernels that compute many blocks at once. */
    public static final int ROUNDS = Philox.ROUNDS;

    public static final long MULTIPLIER_0 = Philox.MULTIPLIER_0;
    public static final long MULTIPLIER_1 = Philox.MULTIPLIER_1;
    public static final int WEYL_0 = Philox.WEYL_0;
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

    /** Random numbers for one purpose: equal seeds and names give equal values, different names independent ones. */
    public static CounterRandom of(long seed, String name) {
        return new CounterRandom(seed, hash(FNV_OFFSET, name));
    }

    /** The numbers of a part of this purpose: an epoch, a layer, a step. */
    public CounterRandom stream(String name) {
        // The separator byte keeps ("a", "bc") and ("ab", "c") apart.
        return new CounterRandom(seed, hash((stream ^ 0xff) * FNV_PRIME, name));
    }

    /** The key of the cipher. */
    public long seed() {
        return seed;
    }

    /** The upper half of the counter of the cipher. */
    public long streamNumber() {
        return stream;
    }

    /** 32 random bits: the words of block index / 4, in order. */
    public int bits32(long index) {
        long block = index >>> 2;
        int word = (int) index & 3;
        long pair = Philox.block(seed, block, stream, word >> 1);
        return (int) ((word & 1) == 0 ? pair : pair >>> 32);
    }

    /** 64 random bits. */
    public long bits(long index) {
        return Philox.block(seed, index >>> 1, stream, (int) index & 1);
    }

    /** Uniform in [0, 1), a multiple of 2^-24. */
    public float uniform(long index) {
        return (bits32(index) >>> 8) * UNIT_24;
    }

    /** Normal with mean 0 and deviation 1: Box and Muller's transform of 64 bits, computed in double. */
    public float normal(long index) {
        long bits = bits(index);
        // (0, 1]: the logarithm must exist.
        double radius = ((bits >>> 32) + 1) * UNIT_32;
        double angle = (bits & 0xffffffffL) * UNIT_32;
        // StrictMath, because Math may differ between JVMs.
        return (float) (StrictMath.sqrt(-2 * StrictMath.log(radius)) * StrictMath.cos(2 * Math.PI * angle));
    }

    /** Uniform in 0 to bound - 1, biased by less than bound / 2^64. */
    public int below(long index, int bound) {
        requirePositive(bound);
        return (int) Math.unsignedMultiplyHigh(bits(index), bound);
    }

    private static void requirePositive(int bound) {
        if (bound <= 0) {
            throw new IllegalArgumentException("bound must be positive, got " + bound);
        }
    }

    /** Overwrites an INT32 tensor with {@link #below} of as many indices, from the first on: at half the work, as two of them are of one block. */
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

    /** The numbers 0 to n-1 in a random order (Fisher and Yates). */
    public int[] permutation(int n) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int other = below(i, i + 1);
            order[i] = order[other];
            order[other] = i;
        }
        return order;
    }

    /** Overwrites a tensor with uniform values in [low, high), element i from index i. */
    public void fillUniform(Tensor tensor, float low, float high) {
        for (int i = 0; i < tensor.elements(); i++) {
            float value = Math.fma(uniform(i), high - low, low);
            // Rounding may reach the excluded end.
            tensor.setFloat(i, value < high ? value : Math.max(low, Math.nextDown(high)));
        }
    }

    /** Overwrites a tensor with normal values, element i from index i. */
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
