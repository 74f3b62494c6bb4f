package io.ketju.benchmarks.measure;

import io.ketju.tensor.Tensor;

/**
 * Numbers within ±1 as a function of a seed and an index alone, so that a peer in another language makes the same ones
 * ({@code sequences.py} does). The finalizer is that of a 32-bit hash; results are multiples of 2^-23, exact in float32.
 */
public final class Uniform {
    private static final int GOLDEN = 0x9E3779B1;
    private static final int FACTOR = 0x045D9F3B;

    private Uniform() {}

    /** The number at an index of a sequence. */
    public static float at(int seed, int index) {
        return (bits(seed, index) >>> 8) * 0x1p-23f - 1;
    }

    /** A whole number from 0 to {@code bound - 1} at an index of a sequence. */
    public static int below(int bound, int seed, int index) {
        return (bits(seed, index) >>> 8) % bound;
    }

    /** Overwrites a tensor with a sequence, times a scale. */
    public static Tensor fill(Tensor tensor, int seed, float scale) {
        int elements = tensor.elements();
        for (int i = 0; i < elements; i++) {
            tensor.setFloat(i, at(seed, i) * scale);
        }
        return tensor;
    }

    private static int bits(int seed, int index) {
        int h = index + seed * GOLDEN;
        h = (h ^ (h >>> 16)) * FACTOR;
        h = (h ^ (h >>> 16)) * FACTOR;
        return h ^ (h >>> 16);
    }
}
