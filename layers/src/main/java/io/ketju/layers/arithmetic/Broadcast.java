package io.ketju.layers.arithmetic;

import io.ketju.layers.Axis;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.kernel.reduction.Reduction;
import java.util.Collections;
import java.util.List;

/**
 * The second operand of a binary layer, repeated along the dimensions in which it has size 1 or that it lacks in front, as
 * PyTorch does: a number for each channel, or for each sample. The repeated dimensions are neighbours.
 *
 * @param axis of the repeated dimensions together, in the shape of the first operand
 * @param leading whether the samples are among them
 */
record Broadcast(Axis axis, boolean leading) {
    /** Throws {@link IllegalArgumentException} if the second shape cannot be repeated to the first. */
    static Broadcast of(Shape whole, Shape part) {
        int missing = whole.rank() - part.rank();
        int first = -1;
        int last = -1;
        boolean fits = missing >= 0;
        for (int d = 0; fits && d < whole.rank(); d++) {
            int size = d < missing ? 1 : part.dimension(d - missing);
            boolean repeated = size == 1 && (whole.dimension(d) != 1 || d < missing);
            fits = size == whole.dimension(d) || repeated;
            if (repeated) {
                fits &= first < 0 || last == d - 1;
                first = first < 0 ? d : first;
                last = d;
            }
        }
        if (!fits) {
            throw new IllegalArgumentException("expected a second input that can be repeated along neighbouring"
                    + " dimensions to " + whole + ", found " + part);
        }
        if (first < 0) {
            return new Broadcast(new Axis(1, 1, whole.elements()), false);
        }
        int outer = product(whole, 0, first);
        int size = product(whole, first, last + 1);
        return new Broadcast(new Axis(outer, size, product(whole, last + 1, whole.rank())), first == 0);
    }

    private static int product(Shape shape, int from, int to) {
        int product = 1;
        for (int d = from; d < to; d++) {
            product *= shape.dimension(d);
        }
        return product;
    }

    /** Whether there is nothing to repeat. */
    boolean same() {
        return axis.size() == 1;
    }

    /** Room for the repeated operand, or for the gradient before it is summed. */
    TensorType room() {
        return TensorType.floats(same() ? 0 : axis.outer() * axis.size() * axis.inner());
    }

    /** The operand as large as the first: itself, or repeated into the room. */
    Tensor repeat(Kernels kernels, Tensor part, Tensor room) {
        if (same()) {
            return part;
        }
        List<Tensor> copies = Collections.nCopies(axis.size(), part);
        kernels.indexing().concat(axis.outer(), copies, room);
        return room;
    }

    /**
     * The gradient of the operand: the sum over all places where it was repeated. The order of the sum does not depend on
     * how many samples there are.
     */
    void sum(Kernels kernels, Tensor whole, Tensor moved, Tensor gradient) {
        if (leading) {
            Tensor rows = whole.view(Shape.of(axis.size(), axis.inner()));
            kernels.reduction().columns(Reduction.SUM, rows, gradient);
        } else {
            Tensor last = axis.toLast(kernels, whole, moved);
            Tensor rows = last.view(Shape.of(axis.outer() * axis.inner(), axis.size()));
            kernels.reduction().rows(Reduction.SUM, rows, gradient);
        }
    }
}
