package io.ketju.tensor.kernel.resampling;

import io.ketju.tensor.Tensor;

/** Planes with other sizes: x [batch, C, H, W], y [batch, C, outHeight, outWidth]. */
public interface ResamplingKernels {
    /**
     * Each row of x is first taken along its columns, then rows are summed. Sums go over the taps in their order,
     * fused, from +0; a single tap is taken as it is.
     *
     * @param map what each position of y takes
     * @param value of y where a row or a column takes nothing
     * @param x [batch, C, H, W], planes of the map's sizes
     * @param y overwritten, [batch, C, outHeight, outWidth], planes of the map's counts
     * @throws IllegalArgumentException if shapes are not so, or not FLOAT32
     */
    void forward(PlaneMap map, float value, Tensor x, Tensor y);

    /**
     * The gradient of {@link #forward}. For each row of dx, the rows of dy that took from it are summed with their weights, in
     * ascending order of these rows and then of taps, fused, from +0; then the columns of the sum go to where they took from, in
     * ascending order of columns and then of taps, fused, from +0.
     *
     * @param map that of the forward pass
     * @param dy gradient of y
     * @param dx overwritten, shaped as x
     * @throws IllegalArgumentException if shapes are not those of the map, or not FLOAT32
     */
    void backward(PlaneMap map, Tensor dy, Tensor dx);
}
