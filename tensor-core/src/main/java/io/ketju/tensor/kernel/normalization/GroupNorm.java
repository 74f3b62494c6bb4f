package io.ketju.tensor.kernel.normalization;

/**
 * Sizes and hyperparameters of group normalization of [samples, channels, spatial]: the channels are cut into groups
 * of equal size, and each group of each sample is normalized by itself. As many groups as channels is instance
 * normalization.
 *
 * @param samples at least 0
 * @param channels at least 1
 * @param spatial elements of one plane, the product of all dimensions after the channels, at least 1
 * @param groups a divisor of the channels
 * @param epsilon added to the variance, PyTorch's eps
 */
public record GroupNorm(int samples, int channels, int spatial, int groups, double epsilon) {
    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if one is too small, the groups do not divide the channels, or epsilon is below 0
     * @throws ArithmeticException if there are 2^31 elements or more
     */
    public GroupNorm {
        if (samples < 0 || channels < 1 || spatial < 1) {
            throw new IllegalArgumentException("group normalization needs at least one channel and element, got ["
                    + samples + ", " + channels + ", " + spatial + "]");
        }
        if (groups < 1 || channels % groups != 0) {
            throw new IllegalArgumentException(
                    channels + " channels cannot be cut into " + groups + " groups of equal size");
        }
        Sizes.requireEpsilon(epsilon);
        Math.multiplyExact(Math.multiplyExact(samples, channels), spatial);
    }

    /** {@return the elements of x} */
    public int elements() {
        return samples * channels * spatial;
    }

    /** {@return the channels of one group} */
    public int width() {
        return channels / groups;
    }

    /** {@return the elements of one group of one sample, over which its statistics go; they lie side by side} */
    public int count() {
        return width() * spatial;
    }

    /** {@return the groups of all samples, the size of the saved statistics} */
    public int rows() {
        return samples * groups;
    }
}
