package io.ketju.layers;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;

/**
 * One dimension of a tensor among the others: kernels that go along the innermost one find it there after a permutation.
 *
 * @param outer elements of the dimensions before it, multiplied
 * @param size of the dimension
 * @param inner elements of those behind it
 */
public record Axis(int outer, int size, int inner) {
    /**
     * Dimension {@code dim} of a shape, from the end where it is negative. Throws {@link IllegalArgumentException} if there is
     * none, or if it is that of the samples, which are independent.
     */
    public static Axis of(Shape shape, int dim) {
        int at = index(shape, dim);
        int outer = 1;
        for (int i = 0; i < at; i++) {
            outer *= shape.dimension(i);
        }
        int size = shape.dimension(at);
        return new Axis(outer, size, outer * size == 0 ? 0 : shape.elements() / (outer * size));
    }

    /** The index from the front of dimension {@code dim}; throws as {@link #of} does. */
    public static int index(Shape shape, int dim) {
        int at = dim < 0 ? dim + shape.rank() : dim;
        if (at < 1 || at >= shape.rank()) {
            throw new IllegalArgumentException("expected input with a dimension " + dim
                    + " that is not the first, which counts samples, found " + shape);
        }
        return at;
    }

    /** Whether it is the innermost. */
    public boolean last() {
        return inner == 1;
    }

    /** Room for one tensor whose axis is moved; none is needed if it is the last. */
    public TensorType room() {
        return TensorType.floats(last() ? 0 : elements());
    }

    /** The tensor with this axis innermost: itself if it is so already, else moved into the room. */
    public Tensor toLast(Kernels kernels, Tensor tensor, Tensor room) {
        if (last()) {
            return tensor.view(Shape.of(outer, size));
        }
        Tensor moved = room.view(Shape.of(outer, inner, size));
        kernels.indexing().permute(tensor.view(Shape.of(outer, size, inner)), moved, 0, 2, 1);
        return moved;
    }

    /** Moves the innermost axis of {@code moved} back to where it is in the tensor; nothing to do if it is the last. */
    public void fromLast(Kernels kernels, Tensor moved, Tensor tensor) {
        if (!last()) {
            kernels.indexing()
                    .permute(
                            moved.view(Shape.of(outer, inner, size)),
                            tensor.view(Shape.of(outer, size, inner)),
                            0,
                            2,
                            1);
        }
    }

    private int elements() {
        return outer * size * inner;
    }
}
