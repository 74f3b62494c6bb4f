package io.ketju.tensor.core;

/**
 * How to open a {@link TensorCore}.
 *
 * @param threads number of compute threads, at least 1
 * @param kernels which kernels to use; all give the same bits
 */
public record TensorCoreOptions(int threads, KernelChoice kernels) {
    /** Which implementation of the kernels. */
    public enum KernelChoice {
        /** Plain loops: the reference. */
        SCALAR,
        /** SIMD; opening fails with the reason where it cannot run. */
        VECTOR,
        /** SIMD where it can run, else plain loops, which is said once: in the log or, without one, on standard error. */
        BEST
    }

    /**
     * Checks the number of threads.
     *
     * @throws IllegalArgumentException if there are fewer than 1
     */
    public TensorCoreOptions {
        if (threads < 1) {
            throw new IllegalArgumentException("a tensor core needs at least 1 thread, got " + threads);
        }
    }
}
