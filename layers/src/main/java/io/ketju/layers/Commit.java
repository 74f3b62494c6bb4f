package io.ketju.layers;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import io.ketju.tensor.kernel.Kernels;
import java.util.List;

/**
 * What the micro-batches of a mini-batch left for one layer, in their order, and the layer's parameters, whose buffers
 * {@link Layer#commit} may change.
 */
public interface Commit {
    /** {@return the kernels to calculate with} */
    Kernels kernels();

    /**
     * A parameter's value; only buffers may be written.
     *
     * @param index position in {@link Layer#parameters}
     * @return the live tensor, valid during the call
     */
    Tensor parameter(int index);

    /** {@return micro-batches of the mini-batch, at least 1} */
    int microbatches();

    /**
     * Types of a micro-batch's inputs, which may be smaller than those of others.
     *
     * @param microbatch from 0, in the order of the mini-batch
     * @return one for each input of the layer
     */
    List<TensorType> inputs(int microbatch);

    /**
     * What forward of a micro-batch left as {@link Pass#untilStep}.
     *
     * @param microbatch from 0, in the order of the mini-batch
     * @param index position in {@link Footprint#untilStep}
     * @return the tensor, valid during the call
     */
    Tensor left(int microbatch, int index);
}
