package io.ketju.layers.loss;

import io.ketju.layers.Spec;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;
import io.ketju.tensor.memory.TensorArena;

/** The last function of a model: one number per sample and its gradient. Immutable. */
public interface Loss {
    /** The loss as text that {@link Losses#parse} reads back: {@code CrossEntropyLoss()}. */
    Spec spec();

    /** Shape of one sample's target for this shape of model output; throws if the output does not fit. */
    Shape targetShape(Shape output);

    /** Element type of targets. */
    DType targetType();

    /** What outputs of a model that learnt by this loss become as predictions. */
    default Prediction prediction() {
        return Prediction.OUTPUTS;
    }

    /**
     * Whether targets are classes, so that {@link LossValue#correct} counts something. Without classes there is no
     * accuracy: nobody is told one.
     */
    default boolean countsCorrect() {
        return false;
    }

    /** Bytes that {@link #compute} takes from the slot: see {@link io.ketju.layers.Layer#slotBytes}. */
    long slotBytes(Shape output, int samples);

    /**
     * Loss and gradient of one micro-batch.
     *
     * @param output [samples, ...]
     * @param target [samples, ...targetShape]
     * @param denominator what the sum of the whole mini-batch's losses is divided by (for cross-entropy: its samples);
     *     the gradient is already divided by it, in the same operation that makes it
     * @param slot where the gradient is allocated
     */
    LossValue compute(Tensor output, Tensor target, long denominator, Kernels kernels, TensorArena slot);
}
