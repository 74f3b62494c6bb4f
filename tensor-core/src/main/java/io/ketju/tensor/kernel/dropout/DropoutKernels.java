package io.ketju.tensor.kernel.dropout;

import io.ketju.tensor.Tensor;

/** Inverted dropout (torch.nn.Dropout): kept elements are scaled by {@code 1 / (1 - p)}, dropped ones are +0. */
public interface DropoutKernels {
    /** {@code y = kept ? x · scale : 0}. y may be x. */
    void forward(DropoutMask mask, Tensor x, Tensor y);

    /** {@code dx = kept ? dy · scale : 0}, the mask being that of forward. dx may be dy. */
    default void backward(DropoutMask mask, Tensor dy, Tensor dx) {
        forward(mask, dy, dx);
    }

    /**
     * Keeps or drops whole channels (torch.nn.Dropout2d): of x as rows of {@code inner} elements, row r is kept if
     * element r of the mask is. Backward is the same with dy and dx. y may be x.
     */
    void channels(DropoutMask mask, int inner, Tensor x, Tensor y);

    /**
     * {@code y = FMA(u, high - low, low)}, u being the random number of the element by which the mask keeps or drops it: from low
     * to high, evenly. The probability of the mask does not matter.
     */
    void uniform(DropoutMask mask, float low, float high, Tensor y);
}
