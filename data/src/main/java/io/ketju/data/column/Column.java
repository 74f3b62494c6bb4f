package io.ketju.data.column;

import io.ketju.data.Batch;
import io.ketju.data.IdentityHash;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;

/** One thing that every sample has: an input of the model, or a target. */
public interface Column {
    /** {@return what models call it} */
    String name();

    /** {@return the number of samples} */
    int size();

    /**
     * {@return a type of which no dimension is exceeded by any micro-batch of at most so many samples}
     *
     * @param mostSamples at least 1
     */
    TensorType largest(int mostSamples);

    /**
     * {@return the type of a micro-batch of these samples; the first dimension is their number}
     *
     * @param samples by their indexes in this column, from 0
     */
    TensorType type(Batch samples);

    /**
     * Overwrites a tensor with the values of some samples.
     *
     * @param samples in the order of the tensor's rows
     * @param target of {@link #type} of the same samples; the caller's
     * @throws io.ketju.data.BadDataException if a value is NaN or infinite
     */
    void copy(Batch samples, Tensor target);

    /**
     * Adds name and values, so that data of other values has another identity.
     *
     * @param hash of the whole source
     */
    void addTo(IdentityHash hash);
}
