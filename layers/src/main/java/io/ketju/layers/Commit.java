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
    Kernels kernels();

    /** A parameter's value, by its position in {@link Layer#parameters}; only buffers may be written. */
    Tensor parameter(int index);

    /** Micro-batches of the mini-batch. */
    int microbatches();

    /** Types of a micro-batch's inputs. */
    List<TensorType> inputs(int microbatch);

    /** What forward of a micro-batch left as {@link Pass#untilStep}. */
    Tensor left(int microbatch, int index);
}
