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
     * Dimension {@code dim} of a shape, which kernels go along.
     *
     * @param shape of the tensor, samples outermost
     * @param dim index from the front, or from the end where it is negative: -1 is the innermost
     * @return the dimension among the others
     * @throws IllegalArgumentException if there is none, or if it is that of the samples, which are independent
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

    /**
     * Counts a dimension from the front.
     *
     * @param shape of the tensor, samples outermost
     * @param dim index from the front, or from the end where it is negative
     * @return its index from the front, at least 1
     * @throws IllegalArgumentException as {@link #of} does
     */
    public static int index(Shape shape, int dim) {
        int at = dim < 0 ? dim + shape.rank() : dim;
        if (at < 1 || at >= shape.rank()) {
            throw new IllegalArgumentException("expected input with a dimension " + dim
                    + " that is not the first, which counts samples, found " + shape);
        }
        return at;
    }

    /** {@return whether it is the innermost; so are all whose inner dimensions have size 1} */
    public boolean last() {
        return inner == 1;
    }

    /** {@return room for one tensor whose axis is moved; no elements if the axis is the last} */
    public TensorType room() {
        return TensorType.floats(last() ? 0 : elements());
    }

    /**
     * The tensor with this axis innermost: itself if it is so already, else moved into the room.
     *
     * @param kernels that move it
     * @param tensor whose dimensions multiply to {@code outer}, {@code size} and {@code inner}
     * @param room of type {@link #room}, overwritten; not touched if the axis is the last
     * @return [outer, size] over the tensor's memory, or [outer, inner, size] over the room's
     */
    public Tensor toLast(Kernels kernels, Tensor tensor, Tensor room) {
        if (last()) {
            return tensor.view(Shape.of(outer, size));
        }
        Tensor moved = room.view(Shape.of(outer, inner, size));
        kernels.indexing().permute(tensor.view(Shape.of(outer, size, inner)), moved, 0, 2, 1);
        return moved;
    }

    /**
     * Moves the innermost axis back to where it is in the tensor; nothing to do if it is the last, because then {@link #toLast} gave the
     * tensor itself.
     *
     * @param kernels that move it
     * @param moved elements [outer, inner, size], under any shape
     * @param tensor overwritten with them as [outer, size, inner]
     */
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
