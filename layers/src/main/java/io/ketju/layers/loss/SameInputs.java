package io.ketju.layers.loss;

import io.ketju.layers.Inputs;
import io.ketju.tensor.TensorType;
import java.util.List;

/** Inputs of losses that compare several outputs of a model. */
final class SameInputs {
    private SameInputs() {}

    /** So many float32 of one shape with samples outermost; returns their type. */
    static TensorType require(String loss, List<TensorType> inputs, int count) {
        Inputs.require(inputs, count);
        TensorType first = inputs.getFirst();
        for (int i = 0; i < count; i++) {
            Inputs.requireFloats(inputs, i);
            if (first.shape().rank() == 0 || !inputs.get(i).equals(first)) {
                throw new IllegalArgumentException(
                        loss + ": expected " + count + " outputs [samples, ...] of one shape, found " + inputs);
            }
        }
        return first;
    }

    /** The same for [samples, size]; returns the type of one float32 number for each sample. */
    static TensorType rows(String loss, List<TensorType> inputs, int count) {
        TensorType type = require(loss, inputs, count);
        if (type.shape().rank() != 2) {
            throw new IllegalArgumentException(
                    loss + ": expected outputs [samples, size], found " + type.shape() + "; add Flatten()");
        }
        return TensorType.floats(type.shape().dimension(0));
    }
}
