package io.ketju.layers.normalization;

import io.ketju.layers.spec.Arguments;
import io.ketju.tensor.Shape;

/**
 * The last dimensions of an input, over which it is normalized: PyTorch's normalized_shape.
 *
 * @param sizes at least one, none of them 0
 */
record LastDimensions(Shape sizes) {
    /** Throws {@link IllegalArgumentException} in the name of the layer whose argument they are. */
    static void require(String layer, Shape sizes) {
        if (sizes.rank() == 0 || sizes.elements() == 0) {
            throw new IllegalArgumentException(
                    layer + ": argument 'normalized_shape': expected sizes of at least 1, found " + sizes);
        }
    }

    static Shape of(Arguments arguments) {
        int[] sizes = arguments.integers("normalized_shape").stream()
                .mapToInt(Integer::intValue)
                .toArray();
        return Shape.of(sizes);
    }

    /** As the argument is written: {@code 8} or {@code (2, 8)}. */
    String text() {
        String inner = inner();
        return sizes.rank() == 1 ? inner : "(" + inner + ")";
    }

    /** Throws {@link IllegalArgumentException} if an input does not end in them. */
    void requireIn(Shape shape) {
        int rank = sizes.rank();
        boolean fits = shape.rank() >= rank;
        for (int i = 1; fits && i <= rank; i++) {
            fits = shape.dimension(-i) == sizes.dimension(-i);
        }
        if (!fits) {
            throw new IllegalArgumentException("expected input [..., " + inner() + "], found " + shape);
        }
    }

    /** How many times an input holds them. */
    int rows(Shape shape) {
        return shape.elements() / sizes.elements();
    }

    private String inner() {
        String text = sizes.toString();
        return text.substring(1, text.length() - 1);
    }
}
