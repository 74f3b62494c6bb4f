package io.ketju.layers.model;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;

/**
 * Something that a model is given.
 *
 * @param name what the source of batches calls it
 * @param type the largest that can come, in a micro-batch of one sample; of a constant, its very type
 */
public record Input(String name, TensorType type, Kind kind) {
    /** How it goes with the micro-batches. */
    public enum Kind {
        /** The outermost dimension counts the micro-batch's samples. */
        SAMPLES,
        /** Comes with every micro-batch, as one whole. */
        WHOLE,
        /** Never changes: it is given once, and stages keep it. */
        CONSTANT
    }

    /** Samples of this shape, or of smaller ones. */
    public static Input samples(String name, DType dtype, Shape sample) {
        return new Input(name, new TensorType(dtype, sample.batched(1)), Kind.SAMPLES);
    }

    /** Something of this type with every micro-batch, however many samples it has. */
    public static Input whole(String name, TensorType type) {
        return new Input(name, type, Kind.WHOLE);
    }

    /** Something of this type that never changes. */
    public static Input constant(String name, TensorType type) {
        return new Input(name, type, Kind.CONSTANT);
    }

    /** Whether the outermost dimension counts samples. */
    public boolean batched() {
        return kind == Kind.SAMPLES;
    }

    /** Whether it never changes. */
    public boolean constant() {
        return kind == Kind.CONSTANT;
    }

    /** Whether a micro-batch of so many samples may have it in this type: of constants the very one, of others a smaller. */
    public boolean takes(TensorType found, int samples) {
        TensorType largest = type(samples);
        if (constant() || found.shape().rank() != largest.shape().rank()) {
            return found.equals(largest);
        }
        boolean takes = found.dtype() == largest.dtype();
        for (int i = 0; i < found.shape().rank(); i++) {
            int dimension = found.shape().dimension(i);
            int most = largest.shape().dimension(i);
            takes &= (i == 0 && batched()) ? dimension == most : dimension <= most;
        }
        return takes;
    }

    /** Its largest type in a micro-batch of so many samples. */
    public TensorType type(int samples) {
        return batched() ? type.withShape(type.shape().sample().batched(samples)) : type;
    }
}
