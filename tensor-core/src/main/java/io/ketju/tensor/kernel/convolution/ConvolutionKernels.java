package io.ketju.tensor.kernel.convolution;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.convolution.Conv2dShape.Window;
import io.ketju.tensor.kernel.matrix.MatrixKernels;
import io.ketju.tensor.simd.LaneSum;
import org.jspecify.annotations.Nullable;

/**
 * Convolutions of images and, as images of height 1, of sequences; forward and backward; with stride, padding, dilation
 * and groups; and their transposed forms. No columns of a whole batch are ever written out. Results overlap no operand.
 * Tensors of a wrong size throw {@link IllegalArgumentException}.
 *
 * <p><b>Order of sums.</b> "Sum of products" is that of {@link MatrixKernels}: chains of fused multiply-adds of
 * {@value MatrixKernels#K_BLOCK} products, each from +0, added in ascending order to +0 or to what is there. Products
 * are counted with those of the padding, which multiply zeros: 0 times an infinite weight is NaN.
 */
public interface ConvolutionKernels {
    /**
     * {@code y = x ⋆ w + bias}: per output the sum of products over k = (ic of the group, kh, kw) ascending, then the bias.
     *
     * @param shape of the convolution
     * @param x input [batch, inChannels, height, width]
     * @param w weights [outChannels, inChannels / groups, kernelHeight, kernelWidth]
     * @param bias [outChannels] or null
     * @param y output [batch, outChannels, outHeight, outWidth], overwritten
     */
    default void conv2dForward(Conv2dShape shape, Tensor x, Tensor w, @Nullable Tensor bias, Tensor y) {
        conv2dForwardFused(shape, x, w, ConvolutionEpilogue.bias(bias), y);
    }

    /**
     * {@link #conv2dForward} followed by an activation, and the statistics of the result.
     *
     * @param shape of the convolution; with statistics, of at least one sample
     * @param x input [batch, inChannels, height, width]
     * @param w weights [outChannels, inChannels / groups, kernelHeight, kernelWidth]
     * @param epilogue bias, activation and statistics, each if there is one
     * @param y output [batch, outChannels, outHeight, outWidth], overwritten
     */
    void conv2dForwardFused(Conv2dShape shape, Tensor x, Tensor w, ConvolutionEpilogue epilogue, Tensor y);

    /**
     * Gradient of x: per element the sum of products {@code dy[n,oc,oh,ow] · w[oc,ic,kh,kw]} over k = (oc of the group, kh, kw) ascending,
     * {@code oh = (h + padY - kh · dilationY) / strideY} and ow alike. Taps for which the division leaves a rest are not part of the sum
     * and not counted in its chains (at a stride of 1 there are none); taps beyond the edge of dy multiply zeros.
     *
     * @param shape that of forward
     * @param dy gradient of y [batch, outChannels, outHeight, outWidth]
     * @param w weights of forward
     * @param dx gradient of x [batch, inChannels, height, width], overwritten
     */
    void conv2dBackwardInput(Conv2dShape shape, Tensor dy, Tensor w, Tensor dx);

    /**
     * Gradient of w: per sample a sum of products over the output positions (oh, ow) ascending, each of its chains added to dw in order,
     * samples in ascending order.
     *
     * @param shape that of forward
     * @param x input of forward
     * @param dy gradient of y [batch, outChannels, outHeight, outWidth]
     * @param dw gradient of w, like w, added to
     */
    void conv2dBackwardWeight(Conv2dShape shape, Tensor x, Tensor dy, Tensor dw);

    /**
     * {@code db[c] += Σ dy[., c, ., .]}: per sample the sum in 16 lanes of {@link LaneSum} over the positions, added to db in ascending
     * order of samples.
     *
     * @param shape that of forward
     * @param dy gradient of y [batch, outChannels, outHeight, outWidth]
     * @param db gradient of the bias [outChannels], added to
     */
    void conv2dBackwardBias(Conv2dShape shape, Tensor dy, Tensor db);

    /**
     * The transposed convolution of x, PyTorch's conv_transpose2d: {@link #conv2dBackwardInput} of the adjoint convolution, x in place of
     * dy, then the bias.
     *
     * @param shape of the transposed convolution
     * @param x input [batch, inChannels, height, width]
     * @param w weights [inChannels, outChannels / groups, kernelHeight, kernelWidth]
     * @param bias [outChannels] or null
     * @param y output [batch, outChannels, outHeight, outWidth], overwritten
     */
    void convTranspose2dForward(ConvTranspose2dShape shape, Tensor x, Tensor w, @Nullable Tensor bias, Tensor y);

    /**
     * Gradient of x: {@link #conv2dForward} of the adjoint convolution, without bias.
     *
     * @param shape that of forward
     * @param dy gradient of y [batch, outChannels, outHeight, outWidth]
     * @param w weights of forward
     * @param dx gradient of x [batch, inChannels, height, width], overwritten
     */
    default void convTranspose2dBackwardInput(ConvTranspose2dShape shape, Tensor dy, Tensor w, Tensor dx) {
        conv2dForward(shape.adjoint(), dy, w, null, dx);
    }

    /**
     * Gradient of w: {@link #conv2dBackwardWeight} of the adjoint convolution, dy in place of its x and x in place of its dy.
     *
     * @param shape that of forward
     * @param x input of forward
     * @param dy gradient of y [batch, outChannels, outHeight, outWidth]
     * @param dw gradient of w, like w, added to
     */
    default void convTranspose2dBackwardWeight(ConvTranspose2dShape shape, Tensor x, Tensor dy, Tensor dw) {
        conv2dBackwardWeight(shape.adjoint(), dy, x, dw);
    }

    /**
     * {@code db[c] += Σ dy[., c, ., .]}, as {@link #conv2dBackwardBias}.
     *
     * @param shape that of forward
     * @param dy gradient of y [batch, outChannels, outHeight, outWidth]
     * @param db gradient of the bias [outChannels], added to
     */
    default void convTranspose2dBackwardBias(ConvTranspose2dShape shape, Tensor dy, Tensor db) {
        Window point = Window.square(1, 1, 0);
        conv2dBackwardBias(
                new Conv2dShape(shape.batch(), 1, shape.outHeight(), shape.outWidth(), shape.outChannels(), point),
                dy,
                db);
    }
}
