package io.ketju.layers.attention;

import io.ketju.layers.Inputs;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.attention.Attention.Sizes;
import java.util.List;

/**
 * The sizes of an attention.
 *
 * @param sizes of the kernel, whose width is the larger one
 * @param width columns of a head of queries and keys
 * @param valueWidth columns of a head of values
 */
record AttentionShapes(Sizes sizes, int width, int valueWidth) {
    private static final int OPERANDS = 3;

    /** Throws {@link IllegalArgumentException} if inputs do not fit each other or the heads. */
    static AttentionShapes of(int heads, int keyHeads, Visibility visibility, List<TensorType> inputs) {
        AttentionInputs given = AttentionInputs.of(visibility, inputs);
        for (int i = 0; i < given.operands(); i++) {
            Inputs.requireFloats(inputs, i);
        }
        AttentionShapes shapes =
                given.packed() ? packed(heads, keyHeads, inputs) : apart(heads, keyHeads, inputs.subList(0, OPERANDS));
        given.require(visibility, inputs, shapes.sizes);
        return shapes;
    }

    /** Whether all heads are as the kernel has them. */
    boolean even(int keyHeads) {
        return keyHeads == sizes.heads() && width == valueWidth;
    }

    /** Elements of the largest operand, head by head. */
    int most() {
        return Math.max(sizes.queryShape().elements(), sizes.keyShape().elements());
    }

    private static AttentionShapes packed(int heads, int keyHeads, List<TensorType> inputs) {
        Shape shape = inputs.getFirst().shape();
        if (keyHeads != heads) {
            throw new IllegalArgumentException("expected query, key and value as 3 inputs, where there are " + keyHeads
                    + " heads of keys for " + heads + " of queries, found " + inputs);
        }
        int width = width(0, shape, OPERANDS * heads, "queries");
        return new AttentionShapes(
                new Sizes(shape.dimension(0), heads, shape.dimension(1), shape.dimension(1), width), width, width);
    }

    private static AttentionShapes apart(int heads, int keyHeads, List<TensorType> operands) {
        Shape query = operands.get(0).shape();
        Shape key = operands.get(1).shape();
        Shape value = operands.get(2).shape();
        int width = width(0, query, heads, "queries");
        boolean fits = key.rank() == 3
                && value.rank() == 3
                && key.dimension(0) == query.dimension(0)
                && key.dimension(2) == keyHeads * width
                && value.dimension(0) == key.dimension(0)
                && value.dimension(1) == key.dimension(1);
        if (!fits) {
            throw new IllegalArgumentException("expected key [" + query.dimension(0) + ", keys, " + keyHeads * width
                    + "] and value [" + query.dimension(0) + ", keys, any], found " + key + " and " + value);
        }
        int valueWidth = width(2, value, keyHeads, "keys");
        return new AttentionShapes(
                new Sizes(query.dimension(0), heads, query.dimension(1), key.dimension(1), Math.max(width, valueWidth)),
                width,
                valueWidth);
    }

    private static int width(int input, Shape shape, int parts, String rows) {
        if (shape.rank() != 3 || shape.dimension(2) == 0 || shape.dimension(2) % parts != 0) {
            throw new IllegalArgumentException("expected input " + input + " [samples, " + rows + ", a multiple of "
                    + parts + "], found " + shape);
        }
        return shape.dimension(2) / parts;
    }
}
