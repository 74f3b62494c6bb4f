package io.ketju.layers.model;

import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.TensorType;

/**
 * Something that a model is given.
 *
 * @param name what the source of batches calls it
 * @param type the largest that can come, in a micro-batch of one sample; of a constant, its very type
 * @param kind how it goes with the micro-batches
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

    /**
     * {@return an input whose outermost dimension counts samples}
     *
     * @param name what the source of batches calls it
     * @param dtype of its elements
     * @param sample the largest shape of one sample, without the dimension that counts them
     */
    public static Input samples(String name, DType dtype, Shape sample) {
        return new Input(name, new TensorType(dtype, sample.batched(1)), Kind.SAMPLES);
    }

    /**
     * {@return an input that comes as one whole with every micro-batch, however many samples it has}
     *
     * @param name what the source of batches calls it
     * @param type the largest that can come
     */
    public static Input whole(String name, TensorType type) {
        return new Input(name, type, Kind.WHOLE);
    }

    /**
     * {@return an input that never changes}
     *
     * @param name what the source of batches calls it
     * @param type its very type
     */
    public static Input constant(String name, TensorType type) {
        return new Input(name, type, Kind.CONSTANT);
    }

    /** {@return whether the outermost dimension counts samples} */
    public boolean batched() {
        return kind == Kind.SAMPLES;
    }

    /** {@return whether it never changes} */
    public boolean constant() {
        return kind == Kind.CONSTANT;
    }

    /**
     * {@return whether a micro-batch may have it in this type: of constants the very one, of others one of the same elements and rank with
     * no larger dimension}
     *
     * @param found type of what came
     * @param samples of the micro-batch, of which what is batched has exactly as many
     */
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

    /**
     * {@return its largest type in a micro-batch; that of what is not batched is always the same}
     *
     * @param samples of the micro-batch
     */
    public TensorType type(int samples) {
        return batched() ? type.withShape(type.shape().sample().batched(samples)) : type;
    }
}
