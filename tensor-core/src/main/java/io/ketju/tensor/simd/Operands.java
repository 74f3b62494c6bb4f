package io.ketju.tensor.simd;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;

/** Checks of the operands of element-wise and row-wise kernels, and their sizes. */
public final class Operands {
    private Operands() {}

    /**
     * {@return the common number of elements}
     *
     * @param a an operand
     * @param b another
     * @throws IllegalArgumentException if they differ in it
     */
    public static int elements(Tensor a, Tensor b) {
        if (a.elements() != b.elements()) {
            throw new IllegalArgumentException("operands differ in size: " + a + " and " + b);
        }
        return a.elements();
    }

    /**
     * {@return the common number of elements}
     *
     * @param a an operand
     * @param b another
     * @param c a third
     * @throws IllegalArgumentException if they differ in it
     */
    public static int elements(Tensor a, Tensor b, Tensor c) {
        elements(a, b);
        return elements(a, c);
    }

    /**
     * {@return the size of the innermost dimension, 1 of a scalar}
     *
     * @param x of any shape
     */
    public static int columns(Tensor x) {
        Shape shape = x.shape();
        return shape.rank() == 0 ? 1 : shape.dimension(-1);
    }

    /**
     * {@return the product of all dimensions but the innermost; 0 if that is 0}
     *
     * @param x of any shape
     */
    public static int rows(Tensor x) {
        int columns = columns(x);
        return columns == 0 ? 0 : x.elements() / columns;
    }

    /**
     * {@return the number of classes}
     *
     * @param logits [rows, classes]
     * @param targets [rows]
     * @throws IllegalArgumentException if there are more or fewer targets than rows
     */
    public static int classes(Tensor logits, Tensor targets) {
        int rows = rows(logits);
        if (rows != targets.elements()) {
            throw new IllegalArgumentException(
                    "logits " + logits + " have " + rows + " rows, targets " + targets + " " + targets.elements());
        }
        return columns(logits);
    }

    /**
     * {@return the number of classes of all operands of a loss}
     *
     * @param logits [rows, classes]
     * @param targets [rows]
     * @param losses [rows]
     * @param dlogits [rows, classes]
     * @throws IllegalArgumentException if one of them does not fit the others
     */
    public static int classes(Tensor logits, Tensor targets, Tensor losses, Tensor dlogits) {
        elements(logits, dlogits);
        elements(targets, losses);
        return classes(logits, targets);
    }
}
