package io.ketju.tensor.kernel;

import io.ketju.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** 2-D convolution, forward and backward; no im2col of the whole batch is materialised. */
public interface ConvolutionKernels {
    /** {@code y = x ⋆ w + bias}. Overwrites y. bias [outChannels] or null. */
    void conv2dForward(Conv2dShape shape, Tensor x, Tensor w, @Nullable Tensor bias, Tensor y);

    /** Gradient of x. Overwrites dx [batch, inChannels, height, width]. */
    void conv2dBackwardInput(Conv2dShape shape, Tensor dy, Tensor w, Tensor dx);

    /** Gradient of w, added into dw: per sample a product over the output positions, samples in ascending order. */
    void conv2dBackwardWeight(Conv2dShape shape, Tensor x, Tensor dy, Tensor dw);

    /** {@code db[c] += Σ dy[., c, ., .]}, in a fixed order. */
    void conv2dBackwardBias(Conv2dShape shape, Tensor dy, Tensor db);
}
