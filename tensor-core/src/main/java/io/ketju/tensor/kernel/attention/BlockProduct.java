package io.ketju.tensor.kernel.attention;

import static io.ketju.tensor.kernel.attention.AttentionKernels.BLOCK;
import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.zero;

import jdk.incubator.vector.FloatVector;

/**
 * Micro-kernels: 4 rows of 4 vectors of c stay in 16 registers while chains of fused multiply-adds run over k, ascending.
 * a is a block of {@link AttentionKernels#BLOCK} rows of as many elements on the heap, {@code at} its first element, n
 * the length of the chains; b is an address, its rows bStride bytes apart; c is an address, its rows 4 vectors long.
 *
 * <p>Unrolled by hand: the compiler keeps the accumulators in registers only in a body without calls. The broadcast
 * operand lies on the heap because the compiler gives up on this many scalar loads from off-heap memory.
 */
final class BlockProduct {
    /** Columns of c. */
    static final int COLUMNS = 4 * LANES;

    /** Bytes of a row of c. */
    static final long ROW = 4 * VECTOR;

    /** Rows of c. */
    static final int ROWS = 4;

    /** Elements of an operand a. */
    static final int LENGTH = BLOCK * BLOCK;

    private BlockProduct() {}

    /** {@code c = a · b}. */
    static void rows(float[] a, int at, int n, long b, long bStride, long c) {
        FloatVector z = zero(SPECIES), c00 = z, c01 = z, c02 = z, c03 = z, c10 = z, c11 = z, c12 = z, c13 = z;
        FloatVector c20 = z, c21 = z, c22 = z, c23 = z, c30 = z, c31 = z, c32 = z, c33 = z;
        long from = b;
        for (int k = at, end = at + n; k < end; k++) {
            FloatVector b0 = load(from);
            FloatVector b1 = load(from + VECTOR);
            FloatVector b2 = load(from + 2 * VECTOR);
            FloatVector b3 = load(from + 3 * VECTOR);
            FloatVector x0 = broadcast(SPECIES, a[k]);
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            c02 = x0.fma(b2, c02);
            c03 = x0.fma(b3, c03);
            FloatVector x1 = broadcast(SPECIES, a[k + BLOCK]);
            c10 = x1.fma(b0, c10);
            c11 = x1.fma(b1, c11);
            c12 = x1.fma(b2, c12);
            c13 = x1.fma(b3, c13);
            FloatVector x2 = broadcast(SPECIES, a[k + 2 * BLOCK]);
            c20 = x2.fma(b0, c20);
            c21 = x2.fma(b1, c21);
            c22 = x2.fma(b2, c22);
            c23 = x2.fma(b3, c23);
            FloatVector x3 = broadcast(SPECIES, a[k + 3 * BLOCK]);
            c30 = x3.fma(b0, c30);
            c31 = x3.fma(b1, c31);
            c32 = x3.fma(b2, c32);
            c33 = x3.fma(b3, c33);
            from += bStride;
        }
        store(c00, c);
        store(c01, c + VECTOR);
        store(c02, c + 2 * VECTOR);
        store(c03, c + 3 * VECTOR);
        store(c10, c + 4 * VECTOR);
        store(c11, c + 5 * VECTOR);
        store(c12, c + 6 * VECTOR);
        store(c13, c + 7 * VECTOR);
        store(c20, c + 8 * VECTOR);
        store(c21, c + 9 * VECTOR);
        store(c22, c + 10 * VECTOR);
        store(c23, c + 11 * VECTOR);
        store(c30, c + 12 * VECTOR);
        store(c31, c + 13 * VECTOR);
        store(c32, c + 14 * VECTOR);
        store(c33, c + 15 * VECTOR);
    }

    /** {@code c = aᵀ · b}: a lies with the k of the sum as its rows. */
    static void columns(float[] a, int at, int n, long b, long bStride, long c) {
        FloatVector z = zero(SPECIES), c00 = z, c01 = z, c02 = z, c03 = z, c10 = z, c11 = z, c12 = z, c13 = z;
        FloatVector c20 = z, c21 = z, c22 = z, c23 = z, c30 = z, c31 = z, c32 = z, c33 = z;
        long from = b;
        for (int k = at, end = at + n * BLOCK; k < end; k += BLOCK) {
            FloatVector b0 = load(from);
            FloatVector b1 = load(from + VECTOR);
            FloatVector b2 = load(from + 2 * VECTOR);
            FloatVector b3 = load(from + 3 * VECTOR);
            FloatVector x0 = broadcast(SPECIES, a[k]);
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            c02 = x0.fma(b2, c02);
            c03 = x0.fma(b3, c03);
            FloatVector x1 = broadcast(SPECIES, a[k + 1]);
            c10 = x1.fma(b0, c10);
            c11 = x1.fma(b1, c11);
            c12 = x1.fma(b2, c12);
            c13 = x1.fma(b3, c13);
            FloatVector x2 = broadcast(SPECIES, a[k + 2]);
            c20 = x2.fma(b0, c20);
            c21 = x2.fma(b1, c21);
            c22 = x2.fma(b2, c22);
            c23 = x2.fma(b3, c23);
            FloatVector x3 = broadcast(SPECIES, a[k + 3]);
            c30 = x3.fma(b0, c30);
            c31 = x3.fma(b1, c31);
            c32 = x3.fma(b2, c32);
            c33 = x3.fma(b3, c33);
            from += bStride;
        }
        store(c00, c);
        store(c01, c + VECTOR);
        store(c02, c + 2 * VECTOR);
        store(c03, c + 3 * VECTOR);
        store(c10, c + 4 * VECTOR);
        store(c11, c + 5 * VECTOR);
        store(c12, c + 6 * VECTOR);
        store(c13, c + 7 * VECTOR);
        store(c20, c + 8 * VECTOR);
        store(c21, c + 9 * VECTOR);
        store(c22, c + 10 * VECTOR);
        store(c23, c + 11 * VECTOR);
        store(c30, c + 12 * VECTOR);
        store(c31, c + 13 * VECTOR);
        store(c32, c + 14 * VECTOR);
        store(c33, c + 15 * VECTOR);
    }
}
