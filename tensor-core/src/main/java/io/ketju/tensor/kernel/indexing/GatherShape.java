package io.ketju.tensor.kernel.indexing;

import io.ketju.tensor.Tensor;

/**
 * Gathering along one dimension: x [outer, size, inner], indexes and y [outer, picked, inner].
 *
 * @param outer product of the dimensions before that one
 * @param size elements of x along the dimension, which the indexes count
 * @param picked elements of y along the dimension
 * @param inner product of the dimensions after that one
 */
public record GatherShape(int outer, int size, int picked, int inner) {
    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if one is below 0
     */
    public GatherShape {
        if (outer < 0 || size < 0 || picked < 0 || inner < 0) {
            throw new IllegalArgumentException("gather: expected sizes >= 0, found outer " + outer + ", size " + size
                    + ", picked " + picked + ", inner " + inner);
        }
    }

    void require(Tensor x, Tensor indices, Tensor y) {
        Indexes.require("x", x, outer, size, inner);
        Indexes.require("indices", indices, outer, picked, inner);
        Indexes.require("y", y, outer, picked, inner);
    }
}
