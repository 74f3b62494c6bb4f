package io.ketju.tensor.kernel;

import io.ketju.tensor.Tensor;

/** Max pooling over square or rectangular windows. x [batch, C, H, W], y [batch, C, outHeight, outWidth]. */
public interface PoolingKernels {
    /**
     * Overwrites y with the maxima and argmax (INT32, shaped as y) with each maximum's position h·W+w in its plane; of
     * equal values the first in row-major order wins, NaN wins over everything, padding never wins.
     */
    void maxPool2dForward(Conv2dShape.Window window, Tensor x, Tensor y, Tensor argmax);

    /** Overwrites dx: each dy goes to the position its maximum came from; overlapping windows add in window order. */
    void maxPool2dBackward(Tensor dy, Tensor argmax, Tensor dx);
}
