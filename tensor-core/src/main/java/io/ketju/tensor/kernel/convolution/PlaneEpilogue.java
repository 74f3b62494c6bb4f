package io.ketju.tensor.kernel.convolution;

import io.ketju.tensor.kernel.activation.Activation;
import io.ketju.tensor.kernel.activation.ActivationRows;
import io.ketju.tensor.simd.VectorMemory;
import org.jspecify.annotations.Nullable;

/** What is done with the sums of a plane. A thread has one for all its convolutions. */
final class PlaneEpilogue {
    /** Nothing. */
    static final PlaneEpilogue NONE = new PlaneEpilogue();
    /** Spare memory of {@link #activate}. */
    static final long SPARE_BYTES = ActivationRows.SPARE_BYTES;

    /** Address of a number per plane, or 0. */
    private long bias;

    private @Nullable Activation activation;

    PlaneEpilogue set(long bias, @Nullable Activation activation) {
        this.bias = bias;
        this.activation = activation;
        return this;
    }

    boolean isEmpty() {
        return bias == 0 && activation == null;
    }

    boolean hasBias() {
        return bias != 0;
    }

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
