package io.ketju.tensor.kernel.loss;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorWidth.LANES;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.VectorMemory;

/** Addresses of the operands of an element-wise loss, and how many elements: a multiple of a vector for the loops. */
record PointwiseSpan(long x, long t, long losses, long dx, int count) {
    static PointwiseSpan of(Tensor x, Tensor t, Tensor losses, Tensor dx) {
        int count = LossChecks.elements(x, t, losses, dx);
        return new PointwiseSpan(
                VectorMemory.address(x),
                VectorMemory.address(t),
                VectorMemory.address(losses),
                VectorMemory.address(dx),
                count);
    }

    PointwiseSpan part(int from, int to) {
        long skip = 4L * from;
        return new PointwiseSpan(x + skip, t + skip, losses + skip, dx + skip, to - from);
    }

    long bytes() {
        return 4L * count;
    }

    /** Elements in whole vectors. */
    int whole() {
        return count - count % LANES;
    }

    /** One vector in memory of its own that holds the elements of this span, fewer than a vector, and zeros. */
    PointwiseSpan padded(Scratch scratch) {
        long memory = VectorMemory.address(scratch.allocate(4 * VECTOR));
        VectorMemory.clear(memory, 4 * VECTOR);
        VectorMemory.copy(x, memory, bytes());
        VectorMemory.copy(t, memory + VECTOR, bytes());
        return new PointwiseSpan(memory, memory + VECTOR, memory + 2 * VECTOR, memory + 3 * VECTOR, LANES);
    }

    /** Copies the first results of a padded span into this one. */
    void takeFrom(PointwiseSpan padded) {
        VectorMemory.copy(padded.losses, losses, bytes());
        VectorMemory.copy(padded.dx, dx, bytes());
    }
}
