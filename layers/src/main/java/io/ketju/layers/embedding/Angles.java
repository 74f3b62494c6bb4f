package io.ketju.layers.embedding;

import io.ketju.layers.spec.Arguments;
import io.ketju.tensor.Tensor;

/**
 * The angles of positions (Vaswani et al. 2017, section 3.5): {@code t / base^(2i / dim)} of position t and pair i of dim / 2.
 * Their sines and cosines follow from those of the position before by a turn, in double, so that no table is kept and no
 * longest position is set.
 */
record Angles(int dim, double base) {
    static final double DEFAULT_BASE = 10_000;

    static void require(String owner, String argument, int dim, double base) {
        Arguments.requirePositive(owner, argument, dim);
        if (dim % 2 != 0) {
            throw new IllegalArgumentException(
                    owner + ": argument '" + argument + "': expected an even number, found " + dim);
        }
        if (!(base > 1)) {
            throw new IllegalArgumentException(owner + ": argument 'base': expected a number above 1, found " + base);
        }
    }

    /**
     * Overwrites both; row t is of position t.
     *
     * @param sines element i of row t at {@code t · stride + i · step}
     * @param cosines the same places, {@code shift} further
     */
    void fill(int positions, Tensor sines, Tensor cosines, int stride, int step, int shift) {
        for (int i = 0; i < dim / 2; i++) {
            double angle = StrictMath.pow(base, -2.0 * i / dim);
            double turnSine = StrictMath.sin(angle);
            double turnCosine = StrictMath.cos(angle);
            double sine = 0;
            double cosine = 1;
            for (int t = 0; t < positions; t++) {
                int at = t * stride + i * step;
                sines.setFloat(at, (float) sine);
                cosines.setFloat(at + shift, (float) cosine);
                double next = sine * turnCosine + cosine * turnSine;
                cosine = cosine * turnCosine - sine * turnSine;
                sine = next;
            }
        }
    }
}
