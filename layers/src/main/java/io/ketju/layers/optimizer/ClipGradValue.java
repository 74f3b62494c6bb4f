package io.ketju.layers.optimizer;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.Kernels;

/**
 * Brings every element of every gradient of a step into {@code [-clipValue, clipValue]}, before anything else of the update,
 * as <a href="https://pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_value_.html">torch.nn.utils.clip_grad_value_</a>.
 * Where gradients are scaled by {@link ClipGradNorm} too, that comes first.
 *
 * @param clipValue the largest size of an element, > 0; rounded to float once
 */
public record ClipGradValue(double clipValue) {
    /**
     * Checks the size.
     *
     * @throws IllegalArgumentException if it is not above 0, or no float holds it
     */
    public ClipGradValue {
        if (!(clipValue >= Float.MIN_NORMAL && clipValue <= Float.MAX_VALUE)) {
            throw new IllegalArgumentException("expected a largest value > 0, found " + clipValue);
        }
    }

    /**
     * {@return the clipping that a text says}
     *
     * @param text the largest size of an element, a number above 0
     * @throws IllegalArgumentException quoting what is none
     */
    public static ClipGradValue parse(String text) {
        try {
            return new ClipGradValue(Double.parseDouble(text));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("expected a largest value > 0, found \"" + text + '"', e);
        }
    }

    /**
     * Clips a gradient.
     *
     * @param kernels what computes
     * @param gradient of any shape, overwritten
     */
    public void apply(Kernels kernels, Tensor gradient) {
        kernels.update().clipGradient((float) clipValue, gradient);
    }

    /** The number alone, which {@link #parse} reads back. */
    @Override
    public String toString() {
        return Double.toString(clipValue);
    }
}
