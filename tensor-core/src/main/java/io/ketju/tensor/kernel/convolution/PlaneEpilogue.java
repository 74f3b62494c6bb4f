package io.ketju.tensor.kernel.convolution;

import io.ketju.tensor.kernel.activation.Activation;
import io.ketju.tensor.kernel.activation.ActivationRows;
import io.ketju.tensor.simd.VectorMemory;
import org.jspecify.annotations.Nullable;

/**
 * What is done with the sums of a plane.
 *
 * @param bias address of a number per plane, or 0
 */
record PlaneEpilogue(long bias, @Nullable Activation activation) {
    static final PlaneEpilogue NONE = new PlaneEpilogue(0, null);
    /** Spare memory of {@link #activate}. */
    static final long SPARE_BYTES = ActivationRows.SPARE_BYTES;

    /** What is added in a plane: -0, which changes nothing, if there is no bias. */
    float add(int plane) {
        return bias == 0 ? -0.0f : VectorMemory.get(bias + plane * 4L);
    }

    /** Applies the activation to n floats at an address. */
    void activate(long y, int n, long spare) {
        if (activation != null) {
            ActivationRows.forward(activation, y, n, spare);
        }
    }
}
