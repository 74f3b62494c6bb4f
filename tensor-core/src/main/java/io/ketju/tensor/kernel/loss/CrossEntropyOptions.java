package io.ketju.tensor.kernel.loss;

import io.ketju.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What <a href="https://pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html">torch.nn.CrossEntropyLoss</a>
 * can be told.
 *
 * @param scale factor of the gradient; losses are not scaled
 * @param ignoreIndex target whose loss and gradient are zero; a class or not, and unused with probabilities
 * @param labelSmoothing share of the target that is spread over all classes, from 0 to 1
 * @param weight finite weight of each class, [classes]; null for ones
 */
public record CrossEntropyOptions(
        float scale,
        int ignoreIndex,
        float labelSmoothing,
        @Nullable Tensor weight) {
    /** PyTorch's default. */
    public static final int IGNORE_INDEX = -100;

    /**
     * Checks the smoothing.
     *
     * @throws IllegalArgumentException if it is not from 0 to 1
     */
    public CrossEntropyOptions {
        if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
            throw new IllegalArgumentException("label smoothing: expected 0 to 1, found " + labelSmoothing);
        }
    }

    /**
     * {@return options without smoothing and weights, and with PyTorch's index to ignore}
     *
     * @param scale factor of the gradient
     */
    public static CrossEntropyOptions scaled(float scale) {
        return new CrossEntropyOptions(scale, IGNORE_INDEX, 0, null);
    }
}
