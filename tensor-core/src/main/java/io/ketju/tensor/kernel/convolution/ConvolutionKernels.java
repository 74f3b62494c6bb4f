package io.ketju.tensor.kernel.convolution;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.matrix.MatrixKernels;
import io.ketju.tensor.simd.LaneSum;
import org.jspecify.annotations.Nullable;

/** 2-D convolution, forward and backward; no im2col of the whole batch is materialised. */
public interface ConvolutionKernels {
    /**
     * {@code y = x ⋆ w + bias}: per output the sum of a product of {@link MatrixKernels} over k = (ic, kh, kw)
     * ascending, taps in the padding multiplying zeros, then the bias. Overwrites y. bias [outChannels] or null.
     */
    void conv2dForward(Conv2dShape shape, Tensor x, Tensor w, @Nullable Tensor bias, Tensor y);

    /**
     * Gradient of x: per element the sum of a product of {@link MatrixKernels} over k = (oc, kh, kw) ascending of
     * {@code dy[n,oc,oh,ow] · w[oc,ic,kh,kw]}, taps that meet no output multiplying zeros. Overwrites dx [batch,
     * inChannels, height, width].
     */
    void conv2dBackwardInput(Conv2dShape shape, Tensor dy, Tensor w, Tensor dx);

    /**
     * Gradient of w, added into dw: per sample a product over the output positions (oh, ow) ascending, each of its
     * K-blocks added to dw in order, samples in ascending order.
     */
    void conv2dBackwardWeight(Conv2dShape shape, Tensor x, Tensor dy, Tensor dw);

    /**
     * {@code db[c] += Σ dy[., c, ., .]}: per sample the sum in 16 lanes of {@link LaneSum} over the positions, added to
     * db in ascending order of samples.
     */
    void conv2dBackwardBias(Conv2dShape shape, Tensor dy, Tensor db);
}
