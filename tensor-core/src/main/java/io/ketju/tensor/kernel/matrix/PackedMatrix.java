package io.ketju.tensor.kernel.matrix;

import io.ketju.tensor.DType;
import io.ketju.tensor.Tensor;

/**
 * A right operand in the order in which the kernels read it: packed once by {@link MatrixKernels#pack}, then multiplied
 * any number of times, for instance the weights over all micro-batches of a step. Whoever changes the matrix it was packed
 * from packs it again, or {@link #invalidate}s it, after which products refuse it. The memory belongs to the caller; its
 * contents depend on the machine and are for the kernels that wrote it only.
 */
public final class PackedMatrix implements MatrixOperand {
    /** Columns of the widest panel of any machine: what a plan says of memory holds on all of them. */
    private static final int WIDEST_PANEL = 64;

    private final int k;
    private final int n;
    private final Tensor memory;
    private boolean packed;

    /**
     * Room for an operand [k, n]; nothing is packed yet.
     *
     * @param k length of the sums: rows of the operand
     * @param n columns of the operand
     * @param memory {@link #floats} elements, 64-byte aligned for full speed; stays the caller's
     * @throws IllegalArgumentException if there are fewer, or they are not FLOAT32
     */
    public PackedMatrix(int k, int n, Tensor memory) {
        if (memory.elements() < floats(k, n) || memory.dtype() != DType.FLOAT32) {
            throw new IllegalArgumentException(
                    "a packed matrix of " + k + " x " + n + " needs " + floats(k, n) + " float32, got " + memory);
        }
        this.k = k;
        this.n = n;
        this.memory = memory;
    }

    /**
     * {@return the elements of memory that an operand takes: on every machine the same}
     *
     * @param k rows of the operand
     * @param n columns of the operand
     * @throws ArithmeticException if they are more than a tensor can have
     */
    public static int floats(int k, int n) {
        return Math.toIntExact(bytes(k, n) / Float.BYTES);
    }

    /**
     * {@return the bytes of memory that an operand takes: on every machine the same}
     *
     * @param k rows of the operand
     * @param n columns of the operand
     */
    public static long bytes(int k, int n) {
        return (long) Math.ceilDiv(n, WIDEST_PANEL) * WIDEST_PANEL * k * Float.BYTES;
    }

    /** {@return the length of the sums: rows of the operand} */
    public int k() {
        return k;
    }

    /** {@return the columns of the operand} */
    public int n() {
        return n;
    }

    /** {@return the bytes of memory that it takes} */
    public long bytes() {
        return bytes(k, n);
    }

    /** Makes products refuse it until it is packed again. */
    public void invalidate() {
        packed = false;
    }

    Tensor memory() {
        return memory;
    }

    void markPacked() {
        packed = true;
    }

    void check(GemmShape shape) {
        if (shape.k() != k || shape.n() != n) {
            throw new IllegalArgumentException(
                    shape + " needs b packed as " + shape.k() + " x " + shape.n() + ", got " + k + " x " + n);
        }
        if (!packed) {
            throw new IllegalStateException("a packed matrix of " + k + " x " + n + " was not packed since it changed");
        }
    }

    @Override
    public String toString() {
        return "packed matrix of " + k + " x " + n;
    }
}
