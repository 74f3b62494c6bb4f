package io.ketju.tensor.simd;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;

/** Checks of the operands of element-wise and row-wise kernels, and their sizes. */
public final class Operands {
    private Operands() {}

    /** The common number of elements. */
    public static int elements(Tensor a, Tensor b) {
        if (a.elements() != b.elements()) {
            throw new IllegalArgumentException("operands differ in size: " + a + " and " + b);
        }
        return a.elements();
    }

    /** The common number of elements. */
    public static int elements(Tensor a, Tensor b, Tensor c) {
        elements(a, b);
        return elements(a, c);
    }

    /** Size of the innermost dimension. */
    public static int columns(Tensor x) {
        Shape shape = x.shape();
        return shape.rank() == 0 ? 1 : shape.dimension(-1);
    }

    /** Product of all dimensions but the innermost. */
    public static int rows(Tensor x) {
        int columns = columns(x);
        return columns == 0 ? 0 : x.elements() / columns;
    }

    /** Number of classes of logits [rows, classes] with targets [rows]. */
    public static int classes(Tensor logits, Tensor targets) {
        int rows = rows(logits);
        if (rows != targets.elements()) {
            throw new IllegalArgumentException(
                    "logits " + logits + " have " + rows + " rows, targets " + targets + " " + targets.elements());
        }
        return columns(logits);
    }

    /** Number of classes of all operands of a loss. */
    public static int classes(Tensor logits, Tensor targets, Tensor losses, Tensor dlogits) {
        elements(logits, dlogits);
        elements(targets, losses);
        return classes(logits, targets);
    }

    /** The target class of a row; throws if there is no such class. */
    public static int target(Tensor targets, int row, int classes) {
        int target = targets.getInt(row);
        if (target < 0 || target >= classes) {
            throw new IllegalArgumentException(
                    "target " + target + " in row " + row + " is not a class index from 0 to " + (classes - 1));
        }
        return target;
    }
}
