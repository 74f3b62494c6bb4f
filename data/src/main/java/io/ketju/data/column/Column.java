package io.ketju.data.column;

import io.ketju.data.Batch;
import io.ketju.data.IdentityHash;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;

/** One thing that every sample has: an input of the model, or a target. */
public interface Column {
    /** What models call it. */
    String name();

    /** Number of samples. */
    int size();

    /** No dimension is larger for any so many samples. */
    TensorType largest(int mostSamples);

    /** Type of a micro-batch of these samples. */
    TensorType type(Batch samples);

    /** Overwrites a tensor of {@link #type} with them. */
    void copy(Batch samples, Tensor target);

    /** Adds name and values. */
    void addTo(IdentityHash hash);
}
