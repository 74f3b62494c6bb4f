package io.ketju.layers;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import java.util.List;

/**
 * A differentiable function with named parameters. Immutable and shared: several stages, runs and threads may use one
 * layer at once. Shapes are per sample; at run time every tensor carries one more, outermost dimension, the samples of
 * the micro-batch.
 */
public interface Layer {
    /** The layer as text that {@link Layers#parse} reads back: {@code Conv2d(1, 6, kernel_size=5, padding=2)}. */
    Spec spec();

    /** Shape of an output sample; throws {@link IllegalArgumentException} printing both shapes if the input does not fit. */
    Shape outputShape(Shape input);

    /** The parameters, in the order of {@link Saved#parameter}; empty for layers without. */
    default List<Parameter> parameters() {
        return List.of();
    }

    /**
     * Which parameters, by their position, forward takes as {@link Saved#transposed}: those that are packed for steps of
     * many micro-batches.
     */
    default List<Integer> transposedParameters() {
        return List.of();
    }

    /** Floating-point operations of one forward pass of one sample; backward costs are derived from it. */
    long forwardFlops(Shape input);

    /**
     * Bytes that forward and backward together take from the slot with this many samples: the sum of
     * {@link io.ketju.tensor.memory.TensorArena#bytesFor} over every {@link Saved#allocate} of one micro-batch.
     */
    long slotBytes(Shape input, int samples);

    /** Computes the output [samples, ...outputShape] of one micro-batch, saving in {@code saved} what backward needs. */
    Tensor forward(Tensor input, Saved saved);

    /** Gradient of the input from the gradient of the output. Overwrites its result; does not touch weight gradients. */
    Tensor backwardInput(Tensor gradOutput, Saved saved);

    /** Adds this micro-batch's part into the weight gradients. */
    default void backwardWeight(Tensor gradOutput, Saved saved) {}
}
