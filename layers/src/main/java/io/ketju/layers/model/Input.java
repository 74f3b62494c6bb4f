package io.ketju.layers.model;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;

/**
 * Something that a model is given with every micro-batch.
 *
 * @param name what the source of batches calls it
 * @param type of a micro-batch of one sample
 * @param batched whether the outermost dimension counts samples; otherwise a micro-batch has exactly this type
 */
public record Input(String name, TensorType type, boolean batched) {
    /** Samples of this shape. */
    public static Input samples(String name, DType dtype, Shape sample) {
        return new Input(name, new TensorType(dtype, sample.batched(1)), true);
    }

    /** Its type in a micro-batch of so many samples. */
    public TensorType type(int samples) {
        return batched ? type.withShape(type.shape().sample().batched(samples)) : type;
    }
}
