package io.ketju.data;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.List;

/**
 * A fixed number of samples, and how some of them are put together to one micro-batch: side by side, or padded to the
 * longest. Immutable; any thread may ask.
 */
public interface SampleSource {
    /** What reports and errors call it. */
    String name();

    /** Number of samples, at least one. */
    int size();

    /** All that it gives of micro-batches of at most so many samples, each name once; nothing is constant. */
    List<BatchPort> ports(int mostSamples);

    /** Type of what a port gives of these samples. */
    TensorType type(Batch samples, String port);

    /**
     * Overwrites a tensor with what a port gives of these samples.
     *
     * @param target of {@link #type}
     * @throws BadDataException if a value is NaN or infinite
     */
    void copy(Batch samples, String port, Tensor target);

    /** A digest, in hex, of all samples. */
    String identity();
}
