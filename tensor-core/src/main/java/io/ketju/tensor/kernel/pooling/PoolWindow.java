package io.ketju.tensor.kernel.pooling;

/**
 * A window that slides over planes. Pooling of sequences is that of planes of height 1: rows are {@link #FLAT}.
 *
 * @param rows its axis along the height
 * @param columns its axis along the width
 */
public record PoolWindow(PoolAxis rows, PoolAxis columns) {
    /** The row axis of windows over sequences, which are planes of height 1. */
    public static final PoolAxis FLAT = PoolAxis.of(1, 1, 0);

    /**
     * {@return a window that is the same along both axes, without dilation and ceil mode}
     *
     * @param kernel positions of each axis, at least 1
     * @param stride from one window to the next, at least 1
     * @param padding positions added at either end, at most half of the kernel
     */
    public static PoolWindow square(int kernel, int stride, int padding) {
        PoolAxis axis = PoolAxis.of(kernel, stride, padding);
        return new PoolWindow(axis, axis);
    }

    /**
     * {@return a window over sequences [batch, C, 1, T]}
     *
     * @param axis along T
     */
    public static PoolWindow line(PoolAxis axis) {
        return new PoolWindow(FLAT, axis);
    }
}
