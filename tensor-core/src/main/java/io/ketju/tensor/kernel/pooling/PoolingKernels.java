package io.ketju.tensor.kernel.pooling;

import io.ketju.tensor.Tensor;

/**
 * Max and average pooling of planes: x [batch, C, H, W], y [batch, C, outHeight, outWidth], dx and dy likewise. Pooling of
 * sequences is that of planes of height 1: x [batch, C, 1, T] with {@link PoolWindow#line}. Windows, bins and divisors
 * are those of PyTorch's MaxPool2d, AvgPool2d, AdaptiveMaxPool2d and AdaptiveAvgPool2d. No operands overlap. Operands of
 * other shapes, and windows that lie wholly in the padding, throw {@link IllegalArgumentException}.
 */
public interface PoolingKernels {
    /**
     * The maximum of each window; of equal values (zeros of either sign are equal) the first in row-major order wins, NaN wins over
     * everything, padding never wins.
     *
     * @param window over the planes of x
     * @param x [batch, C, H, W]
     * @param y overwritten, [batch, C, outHeight, outWidth]
     * @param argmax overwritten with each maximum's position h·W+w in its plane, INT32, shaped as y
     */
    void maxPool2dForward(PoolWindow window, Tensor x, Tensor y, Tensor argmax);

    /**
     * Each dy goes to the position its maximum came from; overlapping windows add in window order, row-major, from +0. Also the
     * gradient of adaptive max pooling.
     *
     * @param dy gradient of y
     * @param argmax of the forward pass; its positions are not checked
     * @param dx overwritten, shaped as x
     */
    void maxPool2dBackward(Tensor dy, Tensor argmax, Tensor dx);

    /**
     * The average of each window: its elements are added in row-major order from +0, and the sum is divided by the product of the
     * divisors of the axes.
     *
     * @param window over the planes of x
     * @param average what sums are divided by
     * @param x [batch, C, H, W]
     * @param y overwritten, [batch, C, outHeight, outWidth]
     */
    void averagePool2dForward(PoolWindow window, AverageDivisor average, Tensor x, Tensor y);

    /**
     * From +0, each window in row-major order adds its dy, divided by its divisor, to all its positions.
     *
     * @param window that of the forward pass
     * @param average that of the forward pass
     * @param dy gradient of y
     * @param dx overwritten, shaped as x
     */
    void averagePool2dBackward(PoolWindow window, AverageDivisor average, Tensor dy, Tensor dx);

    /**
     * Max pooling to the size of y: output o of n takes the positions from floor(o·size/n) to ceil((o+1)·size/n) - 1 of
     * each axis. Otherwise as {@link #maxPool2dForward}.
     *
     * @param x [batch, C, H, W]
     * @param y overwritten, [batch, C, outHeight, outWidth]
     * @param argmax overwritten with each maximum's position h·W+w in its plane, INT32, shaped as y
     */
    void adaptiveMaxPool2dForward(Tensor x, Tensor y, Tensor argmax);

    /**
     * Average pooling to the size of y, with the bins of {@link #adaptiveMaxPool2dForward}: elements are added in
     * row-major order from +0 and the sum divided by their number. Where y is [batch, C, 1, 1] (global average pooling)
     * the sum of a plane is that of {@link io.ketju.tensor.simd.LaneSum}.
     *
     * @param x [batch, C, H, W]
     * @param y overwritten, [batch, C, outHeight, outWidth]
     */
    void adaptiveAveragePool2dForward(Tensor x, Tensor y);

    /**
     * From +0, each bin in row-major order adds its dy, divided by its size, to all its positions.
     *
     * @param dy gradient of y
     * @param dx overwritten, shaped as x
     */
    void adaptiveAveragePool2dBackward(Tensor dy, Tensor dx);
}
