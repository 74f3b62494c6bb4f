package io.ketju.tensor.kernel.indexing;

import io.ketju.tensor.Tensor;

/**
 * Every so many positions of one dimension: x [outer, size, inner], y [outer, count, inner], of which position j is position {@code
 * first + j · step} of x.
 */
public record SliceShape(int outer, int size, int first, int step, int count, int inner) {
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
