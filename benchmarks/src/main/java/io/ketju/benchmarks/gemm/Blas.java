package io.ketju.benchmarks.gemm;

import io.ketju.tensor.kernel.matrix.GemmShape;
import java.lang.foreign.MemorySegment;

/** A native library with a matrix product, called on this process's memory. */
public interface Blas {
    /** As tables call it. */
    String name();

    /** Version and whatever else it says about itself. */
    String config();

    /** How many threads the next products of the calling thread use. */
    void threads(int count);

    /** {@code c = op(a) · op(b)}, dense and row-major. */
    void sgemm(GemmShape shape, MemorySegment a, MemorySegment b, MemorySegment c);
}
