package io.ketju.tensor.kernel.loss;

import io.ketju.tensor.Tensor;

/**
 * Sizes of scores for classes, [samples, classes, positions]: PyTorch's layout of images, with one target per position.
 * One position is the layout of rows, [samples, classes].
 *
 * @param samples at least 0
 * @param classes at least 1
 * @param positions targets of each sample, at least 0
 */
public record ClassShape(int samples, int classes, int positions) {
    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if there is no class, or another size is below 0
     */
    public ClassShape {
        if (samples < 0 || classes < 1 || positions < 0) {
            throw new IllegalArgumentException(
                    "class scores: expected samples >= 0, classes >= 1, positions >= 0, found " + samples + ", "
                            + classes + ", " + positions);
        }
    }

    /**
     * {@return the shape of one target per row of scores}
     *
     * @param rows at least 0
     * @param classes at least 1
     */
    public static ClassShape rows(int rows, int classes) {
        return new ClassShape(rows, classes, 1);
    }

    /** {@return the number of targets, {@code samples · positions}} */
    public int targets() {
        return Math.multiplyExact(samples, positions);
    }

    /** Index of the score for class 0 of a target; the next class is {@link #positions} further. */
    int start(int target) {
        return target / positions * classes * positions + target % positions;
    }

    void require(String what, Tensor tensor, int expected) {
        if (tensor.elements() != expected) {
            throw new IllegalArgumentException(what + ": expected " + expected + " elements for [" + samples + ", "
                    + classes + ", " + positions + "], found " + tensor);
        }
    }
}
