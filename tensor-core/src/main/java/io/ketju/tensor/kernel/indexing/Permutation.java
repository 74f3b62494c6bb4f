package io.ketju.tensor.kernel.indexing;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import java.util.Arrays;

/** Where the dimensions of a permuted tensor go. Sizes and strides are in elements and in the order of y. */
final class Permutation {
    final int rank;
    final int[] sizes;
    final long[] xStrides;
    final long[] yStrides;

    Permutation(Tensor x, Tensor y, int... order) {
        Shape shape = x.shape();
        rank = order.length;
        int[] sorted = order.clone();
        Arrays.sort(sorted);
        for (int d = 0; d < rank; d++) {
            if (rank != shape.rank() || sorted[d] != d) {
                throw new IllegalArgumentException(
                        "permute: expected each dimension of " + x + " once, found " + Arrays.toString(order));
            }
        }
        long[] strides = strides(shape.toArray());
        sizes = new int[rank];
        xStrides = new long[rank];
        for (int d = 0; d < rank; d++) {
            sizes[d] = shape.dimension(order[d]);
            xStrides[d] = strides[order[d]];
        }
        if (!Arrays.equals(sizes, y.shape().toArray())) {
            throw new IllegalArgumentException("permute: expected a result " + Shape.of(sizes) + ", found " + y);
        }
        yStrides = strides(sizes);
    }

    private Permutation(int[] sizes, long[] xStrides, long[] yStrides) {
        rank = sizes.length;
        this.sizes = sizes;
        this.xStrides = xStrides;
        this.yStrides = yStrides;
    }

    /** The same movement in the fewest dimensions: none of size 1, and those that stay together are one. */
    Permutation merged() {
        int[] size = new int[rank];
        long[] from = new long[rank];
        long[] to = new long[rank];
        int count = 0;
        for (int d = 0; d < rank; d++) {
            if (count > 0 && from[count - 1] == xStrides[d] * sizes[d]) {
                size[count - 1] *= sizes[d];
                from[count - 1] = xStrides[d];
                to[count - 1] = yStrides[d];
            } else if (sizes[d] > 1) {
                size[count] = sizes[d];
                from[count] = xStrides[d];
                to[count] = yStrides[d];
                count++;
            }
        }
        return new Permutation(Arrays.copyOf(size, count), Arrays.copyOf(from, count), Arrays.copyOf(to, count));
    }

    /** Position in x or y of element {@code index} of the dimensions not in the mask, the others being at 0. */
    long offset(int index, long[] strides, int skipped) {
        long offset = 0;
        int rest = index;
        for (int d = rank - 1; d >= 0; d--) {
            if ((skipped >> d & 1) == 0) {
                offset += rest % sizes[d] * strides[d];
                rest /= sizes[d];
            }
        }
        return offset;
    }

    /** Product of the sizes of the dimensions not in the mask. */
    int count(int skipped) {
        int count = 1;
        for (int d = 0; d < rank; d++) {
            count *= (skipped >> d & 1) == 0 ? sizes[d] : 1;
        }
        return count;
    }

    private static long[] strides(int[] sizes) {
        long[] strides = new long[sizes.length];
        long stride = 1;
        for (int d = sizes.length - 1; d >= 0; d--) {
            strides[d] = stride;
            stride *= sizes[d];
        }
        return strides;
    }
}
