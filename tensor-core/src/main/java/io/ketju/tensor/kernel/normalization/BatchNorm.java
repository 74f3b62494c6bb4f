package io.ketju.tensor.kernel.normalization;

/**
 * Sizes and hyperparameters of batch normalization of [samples, channels, spatial].
 *
 * @param samples at least 1
 * @param channels at least 1
 * @param spatial elements of one plane, the product of all dimensions after the channels; 1 for [samples, channels]
 * @param epsilon added to the variance, PyTorch's eps
 * @param epilogue what happens to the normalized value in the same pass
 */
public record BatchNorm(int samples, int channels, int spatial, double epsilon, Epilogue epilogue) {
    /** What is done to the normalized value before it is written. */
    public enum Epilogue {
        /** Nothing. */
        NONE,
        /** {@code max(value, 0)}, NaN kept, -0 becoming +0. */
        RELU,
        /** A residual of the same size is added, then as {@link #RELU}. */
        ADD_RELU
    }

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException if one is below 1, or epsilon below 0
     * @throws ArithmeticException if there are 2^31 elements or more
     */
    public BatchNorm {
        if (samples < 1 || channels < 1 || spatial < 1) {
            throw new IllegalArgumentException("batch normalization needs a sample, a channel and an element, got ["
                    + samples + ", " + channels + ", " + spatial + "]");
        }
        Sizes.requireEpsilon(epsilon);
        Math.multiplyExact(Math.multiplyExact(samples, channels), spatial);
    }

    /**
     * Without an epilogue.
     *
     * @param samples at least 1
     * @param channels at least 1
     * @param spatial elements of one plane
     * @param epsilon added to the variance
     */
    public BatchNorm(int samples, int channels, int spatial, double epsilon) {
        this(samples, channels, spatial, epsilon, Epilogue.NONE);
    }

    /** {@return the elements of one channel, over which its statistics go} */
    public int count() {
        return samples * spatial;
    }

    /** {@return the elements of x} */
    public int elements() {
        return samples * channels * spatial;
    }

    /** Where the plane of a sample and a channel starts. */
    int plane(int sample, int channel) {
        return (sample * channels + channel) * spatial;
    }

    /**
     * {@return {@code 1 / sqrt(variance + epsilon)}, each step rounded to float}
     *
     * @param variance of a channel, at least 0
     */
    public float rstd(float variance) {
        return Sizes.rstd(variance, epsilon);
    }
}
