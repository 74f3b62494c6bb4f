package io.ketju.tensor.kernel.indexing;

import io.ketju.tensor.Tensor;

/**
 * Every so many positions of one dimension: x [outer, size, inner], y [outer, count, inner], of which position j is position {@code
 * first + j · step} of x.
 *
 * @param outer product of the dimensions before that one
 * @param size positions of x along the dimension
 * @param first position that is taken first, from 0
 * @param step from one taken position to the next, at least 1
 * @param count positions of y
 * @param inner product of the dimensions after that one
 */
public record SliceShape(int outer, int size, int first, int step, int count, int inner) {
    /**
     * Checks the positions.
     *
     * @throws IllegalArgumentException if a number is below 0, the step below 1, or a position outside x
     */
    public SliceShape {
        long last = first + (count - 1L) * step;
        if (outer < 0 || inner < 0 || count < 0 || first < 0 || step < 1 || (count > 0 && last >= size)) {
            throw new IllegalArgumentException("slice: expected positions from 0 to " + (size - 1) + ", found " + count
                    + " from " + first + " in steps of " + step);
        }
    }

    void require(Tensor x, Tensor y) {
        Indexes.require("x", x, outer, size, inner);
        Indexes.require("y", y, outer, count, inner);
    }
}
