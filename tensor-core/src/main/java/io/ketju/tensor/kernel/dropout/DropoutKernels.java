package io.ketju.tensor.kernel.dropout;

import io.ketju.tensor.Tensor;

/**
 * Inverted dropout (torch.nn.Dropout): kept elements are scaled by {@code 1 / (1 - p)}, dropped ones are +0. Tensors are float32; operands
 * that differ in size throw {@link IllegalArgumentException}.
 */
public interface DropoutKernels {
    /**
     * {@code y = kept ? x · scale : 0}
     *
     * @param mask which elements are kept, by their row-major index
     * @param x input
     * @param y output like x, overwritten, may be x
     */
    void forward(DropoutMask mask, Tensor x, Tensor y);

    /**
     * {@code dx = kept ? dy · scale : 0}
     *
     * @param mask that of forward
     * @param dy gradient of the output
     * @param dx gradient of the input, overwritten, may be dy
     */
    default void backward(DropoutMask mask, Tensor dy, Tensor dx) {
        forward(mask, dy, dx);
    }

    /**
     * Keeps or drops whole channels (torch.nn.Dropout2d): row r of x is kept if element r of the mask is. Backward is the same with dy and
     * dx.
     *
     * @param mask which rows are kept
     * @param inner elements of a row, at least 1; divides those of x
     * @param x input [rows, inner]
     * @param y output like x, overwritten, may be x
     */
    void channels(DropoutMask mask, int inner, Tensor x, Tensor y);

    /**
     * {@code y = FMA(u, high - low, low)}, u being the random number in [0, 1) of the element by which the mask keeps or drops it.
     *
     * @param mask whose random numbers are taken; its probability does not matter
     * @param low least value
     * @param high end of the values, which only rounding may reach
     * @param y overwritten
     */
    void uniform(DropoutMask mask, float low, float high, Tensor y);
}
