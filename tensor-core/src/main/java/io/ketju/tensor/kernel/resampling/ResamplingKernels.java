package io.ketju.tensor.kernel.resampling;

import io.ketju.tensor.Tensor;

/** Planes with other sizes: x [batch, C, H, W], y [batch, C, outHeight, outWidth]. */
public interface ResamplingKernels {
    /**
     * Overwrites y: each row of x is first taken along its columns, then rows are summed. Sums go over the taps in their order,
     * fused, from +0; a single tap is taken as it is. Where a row or a column takes nothing, y is {@code value}.
     */
    void forward(PlaneMap map, float value, Tensor x, Tensor y);

    /**
     * Overwrites dx. For each row of dx, the rows of dy that took from it are summed with their weights, in ascending order of
     * these rows and then of taps, fused, from +0; then the columns of the sum go to where they took from, in ascending order
     * of columns and then of taps, fused, from +0.
     */
    void backward(PlaneMap map, Tensor dy, Tensor dx);
}
