package io.ketju.layers.graph;

import io.ketju.layers.Inputs;
import io.ketju.layers.IntRange;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;
import java.util.List;
import java.util.Optional;

/** What layers of a graph are given: x [nodes, features], row pointers, column indexes and perhaps values of a square matrix. */
final class Adjacency {
    static final int X = 0;
    static final int ROW_POINTERS = 1;
    static final int COLUMN_INDEXES = 2;
    static final int VALUES = 3;

    private Adjacency() {}

    /** Throws {@link IllegalArgumentException} unless there are so many inputs, which fit each other. */
    static void require(List<TensorType> inputs, int count) {
        Inputs.require(inputs, count);
        Inputs.requireFloats(inputs, X);
        Inputs.requireInts(inputs, ROW_POINTERS);
        Inputs.requireInts(inputs, COLUMN_INDEXES);
        Shape x = inputs.get(X).shape();
        Shape columns = inputs.get(COLUMN_INDEXES).shape();
        boolean fits = x.rank() == 2
                && inputs.get(ROW_POINTERS).shape().equals(Shape.of(x.dimension(0) + 1))
                && columns.rank() == 1
                && (count <= VALUES || inputs.get(VALUES).equals(TensorType.floats(columns.toArray())));
        if (!fits) {
            throw new IllegalArgumentException("expected [nodes, features], row pointers [nodes + 1]"
                    + (count > VALUES ? ", column indexes [edges] and values [edges]" : " and column indexes [edges]")
                    + ", found " + inputs);
        }
    }

    static Optional<IntRange> range(int input, List<TensorType> inputs) {
        return switch (input) {
            case ROW_POINTERS ->
                Optional.of(IntRange.below(
                        "a row pointer", inputs.get(COLUMN_INDEXES).shape().elements() + 1));
            case COLUMN_INDEXES ->
                Optional.of(IntRange.below("a node", inputs.get(X).shape().dimension(0)));
            default -> Optional.empty();
        };
    }
}
