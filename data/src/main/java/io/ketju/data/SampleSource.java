package io.ketju.data;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.List;

/**
 * A fixed number of samples, and how some of them are put together to one micro-batch: side by side, or padded to the
 * longest. Immutable; any thread may ask.
 */
public interface SampleSource {
    /** {@return what reports and errors call it} */
    String name();

    /** {@return the number of samples, at least one} */
    int size();

    /**
     * {@return all that it gives of micro-batches of at most so many samples, each name once; nothing is constant}
     *
     * @param mostSamples at least 1
     */
    List<BatchPort> ports(int mostSamples);

    /**
     * {@return the type of what a port gives of some samples}
     *
     * @param samples of a micro-batch
     * @param port name of one of {@link #ports}
     */
    TensorType type(Batch samples, String port);

    /**
     * Overwrites a tensor with what a port gives of these samples.
     *
     * @param samples in the order of the tensor's rows
     * @param port name of one of {@link #ports}
     * @param target of {@link #type}
     * @throws BadDataException if a value is NaN or infinite
     */
    void copy(Batch samples, String port, Tensor target);

    /** {@return a digest, in hex, of all samples} */
    String identity();
}
