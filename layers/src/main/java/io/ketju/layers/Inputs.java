package io.ketju.layers;

import io.ketju.tensor.DType;
import io.ketju.tensor.Plural;
import io.ketju.tensor.TensorType;
import java.util.List;

/** What layers ask of their inputs: errors print what was expected and what was found. */
public final class Inputs {
    private Inputs() {}

    /**
     * There are as many as the layer takes.
     *
     * @param inputs types of what it is given
     * @param count how many it takes
     * @throws IllegalArgumentException if there are more or fewer
     */
    public static void require(List<TensorType> inputs, int count) {
        if (inputs.size() != count) {
            throw new IllegalArgumentException(
                    "expected " + Plural.of(count, "input") + ", found " + inputs.size() + " " + inputs);
        }
    }

    /**
     * An input is float32.
     *
     * @param inputs types of what the layer is given
     * @param index position of the input
     * @throws IllegalArgumentException if it is of another type
     */
    public static void requireFloats(List<TensorType> inputs, int index) {
        requireType(inputs, index, DType.FLOAT32);
    }

    /**
     * An input is int32.
     *
     * @param inputs types of what the layer is given
     * @param index position of the input
     * @throws IllegalArgumentException if it is of another type
     */
    public static void requireInts(List<TensorType> inputs, int index) {
        requireType(inputs, index, DType.INT32);
    }

    private static void requireType(List<TensorType> inputs, int index, DType expected) {
        TensorType input = inputs.get(index);
        if (input.dtype() != expected) {
            String which = inputs.size() == 1 ? "input" : "input " + index;
            throw new IllegalArgumentException(
                    "expected " + which + " of type " + expected.text() + ", found " + input);
        }
    }
}
