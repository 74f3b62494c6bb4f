package io.ketju.tensor.kernel.activation;

import io.ketju.tensor.Tensor;

/**
 * Sizes of PReLU on x [samples, channels, inner], with one weight per channel. One weight for all: a single channel.
 *
 * @param samples samples of the batch, at least 0
 * @param channels of each sample, at least 1
 * @param inner elements of one channel of one sample, such as height times width
 */
public record PReluShape(int samples, int channels, int inner) {
    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public PReluShape {
        if (samples < 0 || channels < 1 || inner < 0) {
            throw new IllegalArgumentException("PReLU needs sizes from 0 and channels from 1, got samples " + samples
                    + ", channels " + channels + ", inner " + inner);
        }
    }

    /** Channels of all samples. */
    int rows() {
        return samples * channels;
    }

    void check(Tensor x, Tensor other, Tensor w) {
        long elements = (long) samples * channels * inner;
        if (x.elements() != elements || other.elements() != elements || w.elements() != channels) {
            throw new IllegalArgumentException(
                    "operands of PReLU do not fit " + this + ": " + x + ", " + other + " and weights " + w);
        }
    }
}
