package io.ketju.tensor.kernel.pooling;

/** A window that slides over planes. Pooling of sequences is that of planes of height 1: rows are {@link #FLAT}. */
public record PoolWindow(PoolAxis rows, PoolAxis columns) {
    /** The row axis of windows over sequences, which are planes of height 1. */
    public static final PoolAxis FLAT = PoolAxis.of(1, 1, 0);

    /** A square window. */
    public static PoolWindow square(int kernel, int stride, int padding) {
        PoolAxis axis = PoolAxis.of(kernel, stride, padding);
        return new PoolWindow(axis, axis);
    }

    /** A window over sequences [batch, C, 1, T]. */
    public static PoolWindow line(PoolAxis axis) {
        return new PoolWindow(FLAT, axis);
    }
}
