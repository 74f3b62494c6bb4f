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

    /** So many pairs go through the positions together: their numbers lie side by side. */
    private static final int TOGETHER = 8;

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
        for (int first = 0; first < dim / 2; first += TOGETHER) {
            Turn[] turns = new Turn[Math.min(TOGETHER, dim / 2 - first)];
            for (int i = 0; i < turns.length; i++) {
                turns[i] = new Turn(StrictMath.pow(base, -2.0 * (first + i) / dim));
            }
            for (int t = 0; t < positions; t++) {
                for (int i = 0; i < turns.length; i++) {
                    int at = t * stride + (first + i) * step;
                    sines.setFloat(at, (float) turns[i].sine);
                    cosines.setFloat(at + shift, (float) turns[i].cosine);
                    turns[i].next();
                }
            }
        }
    }

    /** An angle that grows by the same with each position. */
    private static final class Turn {
        private final double sineOfOne;
        private final double cosineOfOne;
        private double sine;
        private double cosine = 1;

        Turn(double angle) {
            sineOfOne = StrictMath.sin(angle);
            cosineOfOne = StrictMath.cos(angle);
        }

        void next() {
            double next = sine * cosineOfOne + cosine * sineOfOne;
            cosine = cosine * cosineOfOne - sine * sineOfOne;
            sine = next;
        }
    }
}
