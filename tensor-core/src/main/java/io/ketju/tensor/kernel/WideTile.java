package io.ketju.tensor.kernel;

import static io.ketju.tensor.kernel.Tile.FLOAT;
import static io.ketju.tensor.kernel.Tile.ORDER;
import static io.ketju.tensor.kernel.VectorWidth.SPECIES;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.FloatVector.zero;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * Micro-kernels for panels of four registers: 2 to 5 rows of c stay in 8 to 20 registers for a whole K-block.
 *
 * <p>Unrolled by hand and without methods of its own, because the compiler stops inlining ordinary methods in a body of
 * this size (JDK 25, NodeCountInliningCutoff) and then boxes every vector. The row length is a power of two, or the
 * bounds checks stay in the loop.
 */
final class WideTile {
    private static final long BYTES = VectorWidth.LANES * (long) Float.BYTES;
    private static final long ROW_BYTES = 4 * BYTES;

    private WideTile() {}

    /** 5 rows. */
    static void rows5(Tile t, MemorySegment a, long row, long step, MemorySegment b, long panel) {
        FloatVector z = zero(SPECIES), c00 = z, c01 = z, c02 = z, c03 = z, c10 = z, c11 = z, c12 = z, c13 = z, c20 = z;
        FloatVector c21 = z, c22 = z, c23 = z, c30 = z, c31 = z, c32 = z, c33 = z, c40 = z, c41 = z, c42 = z, c43 = z;
        for (int k = 0, length = t.k; k < length; k++) {
            long from = panel + k * ROW_BYTES;
            FloatVector b0 = fromMemorySegment(SPECIES, b, from, ORDER);
            FloatVector b1 = fromMemorySegment(SPECIES, b, from + BYTES, ORDER);
            FloatVector b2 = fromMemorySegment(SPECIES, b, from + 2 * BYTES, ORDER);
            FloatVector b3 = fromMemorySegment(SPECIES, b, from + 3 * BYTES, ORDER);
            FloatVector x0 = broadcast(SPECIES, a.get(FLOAT, row + 4L * k));
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            c02 = x0.fma(b2, c02);
            c03 = x0.fma(b3, c03);
            FloatVector x1 = broadcast(SPECIES, a.get(FLOAT, row + step + 4L * k));
            c10 = x1.fma(b0, c10);
            c11 = x1.fma(b1, c11);
            c12 = x1.fma(b2, c12);
            c13 = x1.fma(b3, c13);
            FloatVector x2 = broadcast(SPECIES, a.get(FLOAT, row + 2 * step + 4L * k));
            c20 = x2.fma(b0, c20);
            c21 = x2.fma(b1, c21);
            c22 = x2.fma(b2, c22);
            c23 = x2.fma(b3, c23);
            FloatVector x3 = broadcast(SPECIES, a.get(FLOAT, row + 3 * step + 4L * k));
            c30 = x3.fma(b0, c30);
            c31 = x3.fma(b1, c31);
            c32 = x3.fma(b2, c32);
            c33 = x3.fma(b3, c33);
            FloatVector x4 = broadcast(SPECIES, a.get(FLOAT, row + 4 * step + 4L * k));
            c40 = x4.fma(b0, c40);
            c41 = x4.fma(b1, c41);
            c42 = x4.fma(b2, c42);
            c43 = x4.fma(b3, c43);
        }
        MemorySegment out = t.out;
        long at = t.outOffset, stride = t.outStride;
        c00.intoMemorySegment(out, at, ORDER);
        c01.intoMemorySegment(out, at + BYTES, ORDER);
        c02.intoMemorySegment(out, at + 2 * BYTES, ORDER);
        c03.intoMemorySegment(out, at + 3 * BYTES, ORDER);
        c10.intoMemorySegment(out, at + stride, ORDER);
        c11.intoMemorySegment(out, at + stride + BYTES, ORDER);
        c12.intoMemorySegment(out, at + stride + 2 * BYTES, ORDER);
        c13.intoMemorySegment(out, at + stride + 3 * BYTES, ORDER);
        c20.intoMemorySegment(out, at + 2 * stride, ORDER);
        c21.intoMemorySegment(out, at + 2 * stride + BYTES, ORDER);
        c22.intoMemorySegment(out, at + 2 * stride + 2 * BYTES, ORDER);
        c23.intoMemorySegment(out, at + 2 * stride + 3 * BYTES, ORDER);
        c30.intoMemorySegment(out, at + 3 * stride, ORDER);
        c31.intoMemorySegment(out, at + 3 * stride + BYTES, ORDER);
        c32.intoMemorySegment(out, at + 3 * stride + 2 * BYTES, ORDER);
        c33.intoMemorySegment(out, at + 3 * stride + 3 * BYTES, ORDER);
        c40.intoMemorySegment(out, at + 4 * stride, ORDER);
        c41.intoMemorySegment(out, at + 4 * stride + BYTES, ORDER);
        c42.intoMemorySegment(out, at + 4 * stride + 2 * BYTES, ORDER);
        c43.intoMemorySegment(out, at + 4 * stride + 3 * BYTES, ORDER);
    }

    /** 4 rows. */
    static void rows4(Tile t, MemorySegment a, long row, long step, MemorySegment b, long panel) {
        FloatVector z = zero(SPECIES), c00 = z, c01 = z, c02 = z, c03 = z, c10 = z, c11 = z, c12 = z, c13 = z, c20 = z;
        FloatVector c21 = z, c22 = z, c23 = z, c30 = z, c31 = z, c32 = z, c33 = z;
        for (int k = 0, length = t.k; k < length; k++) {
            long from = panel + k * ROW_BYTES;
            FloatVector b0 = fromMemorySegment(SPECIES, b, from, ORDER);
            FloatVector b1 = fromMemorySegment(SPECIES, b, from + BYTES, ORDER);
            FloatVector b2 = fromMemorySegment(SPECIES, b, from + 2 * BYTES, ORDER);
            FloatVector b3 = fromMemorySegment(SPECIES, b, from + 3 * BYTES, ORDER);
            FloatVector x0 = broadcast(SPECIES, a.get(FLOAT, row + 4L * k));
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            c02 = x0.fma(b2, c02);
            c03 = x0.fma(b3, c03);
            FloatVector x1 = broadcast(SPECIES, a.get(FLOAT, row + step + 4L * k));
            c10 = x1.fma(b0, c10);
            c11 = x1.fma(b1, c11);
            c12 = x1.fma(b2, c12);
            c13 = x1.fma(b3, c13);
            FloatVector x2 = broadcast(SPECIES, a.get(FLOAT, row + 2 * step + 4L * k));
            c20 = x2.fma(b0, c20);
            c21 = x2.fma(b1, c21);
            c22 = x2.fma(b2, c22);
            c23 = x2.fma(b3, c23);
            FloatVector x3 = broadcast(SPECIES, a.get(FLOAT, row + 3 * step + 4L * k));
            c30 = x3.fma(b0, c30);
            c31 = x3.fma(b1, c31);
            c32 = x3.fma(b2, c32);
            c33 = x3.fma(b3, c33);
        }
        MemorySegment out = t.out;
        long at = t.outOffset, stride = t.outStride;
        c00.intoMemorySegment(out, at, ORDER);
        c01.intoMemorySegment(out, at + BYTES, ORDER);
        c02.intoMemorySegment(out, at + 2 * BYTES, ORDER);
        c03.intoMemorySegment(out, at + 3 * BYTES, ORDER);
        c10.intoMemorySegment(out, at + stride, ORDER);
        c11.intoMemorySegment(out, at + stride + BYTES, ORDER);
        c12.intoMemorySegment(out, at + stride + 2 * BYTES, ORDER);
        c13.intoMemorySegment(out, at + stride + 3 * BYTES, ORDER);
        c20.intoMemorySegment(out, at + 2 * stride, ORDER);
        c21.intoMemorySegment(out, at + 2 * stride + BYTES, ORDER);
        c22.intoMemorySegment(out, at + 2 * stride + 2 * BYTES, ORDER);
        c23.intoMemorySegment(out, at + 2 * stride + 3 * BYTES, ORDER);
        c30.intoMemorySegment(out, at + 3 * stride, ORDER);
        c31.intoMemorySegment(out, at + 3 * stride + BYTES, ORDER);
        c32.intoMemorySegment(out, at + 3 * stride + 2 * BYTES, ORDER);
        c33.intoMemorySegment(out, at + 3 * stride + 3 * BYTES, ORDER);
    }

    /** 3 rows. */
    static void rows3(Tile t, MemorySegment a, long row, long step, MemorySegment b, long panel) {
        FloatVector z = zero(SPECIES), c00 = z, c01 = z, c02 = z, c03 = z, c10 = z, c11 = z, c12 = z, c13 = z, c20 = z;
        FloatVector c21 = z, c22 = z, c23 = z;
        for (int k = 0, length = t.k; k < length; k++) {
            long from = panel + k * ROW_BYTES;
            FloatVector b0 = fromMemorySegment(SPECIES, b, from, ORDER);
            FloatVector b1 = fromMemorySegment(SPECIES, b, from + BYTES, ORDER);
            FloatVector b2 = fromMemorySegment(SPECIES, b, from + 2 * BYTES, ORDER);
            FloatVector b3 = fromMemorySegment(SPECIES, b, from + 3 * BYTES, ORDER);
            FloatVector x0 = broadcast(SPECIES, a.get(FLOAT, row + 4L * k));
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            c02 = x0.fma(b2, c02);
            c03 = x0.fma(b3, c03);
            FloatVector x1 = broadcast(SPECIES, a.get(FLOAT, row + step + 4L * k));
            c10 = x1.fma(b0, c10);
            c11 = x1.fma(b1, c11);
            c12 = x1.fma(b2, c12);
            c13 = x1.fma(b3, c13);
            FloatVector x2 = broadcast(SPECIES, a.get(FLOAT, row + 2 * step + 4L * k));
            c20 = x2.fma(b0, c20);
            c21 = x2.fma(b1, c21);
            c22 = x2.fma(b2, c22);
            c23 = x2.fma(b3, c23);
        }
        MemorySegment out = t.out;
        long at = t.outOffset, stride = t.outStride;
        c00.intoMemorySegment(out, at, ORDER);
        c01.intoMemorySegment(out, at + BYTES, ORDER);
        c02.intoMemorySegment(out, at + 2 * BYTES, ORDER);
        c03.intoMemorySegment(out, at + 3 * BYTES, ORDER);
        c10.intoMemorySegment(out, at + stride, ORDER);
        c11.intoMemorySegment(out, at + stride + BYTES, ORDER);
        c12.intoMemorySegment(out, at + stride + 2 * BYTES, ORDER);
        c13.intoMemorySegment(out, at + stride + 3 * BYTES, ORDER);
        c20.intoMemorySegment(out, at + 2 * stride, ORDER);
        c21.intoMemorySegment(out, at + 2 * stride + BYTES, ORDER);
        c22.intoMemorySegment(out, at + 2 * stride + 2 * BYTES, ORDER);
        c23.intoMemorySegment(out, at + 2 * stride + 3 * BYTES, ORDER);
    }

    /** 2 rows. */
    static void rows2(Tile t, MemorySegment a, long row, long step, MemorySegment b, long panel) {
        FloatVector z = zero(SPECIES), c00 = z, c01 = z, c02 = z, c03 = z, c10 = z, c11 = z, c12 = z, c13 = z;
        for (int k = 0, length = t.k; k < length; k++) {
            long from = panel + k * ROW_BYTES;
            FloatVector b0 = fromMemorySegment(SPECIES, b, from, ORDER);
            FloatVector b1 = fromMemorySegment(SPECIES, b, from + BYTES, ORDER);
            FloatVector b2 = fromMemorySegment(SPECIES, b, from + 2 * BYTES, ORDER);
            FloatVector b3 = fromMemorySegment(SPECIES, b, from + 3 * BYTES, ORDER);
            FloatVector x0 = broadcast(SPECIES, a.get(FLOAT, row + 4L * k));
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            c02 = x0.fma(b2, c02);
            c03 = x0.fma(b3, c03);
            FloatVector x1 = broadcast(SPECIES, a.get(FLOAT, row + step + 4L * k));
            c10 = x1.fma(b0, c10);
            c11 = x1.fma(b1, c11);
            c12 = x1.fma(b2, c12);
            c13 = x1.fma(b3, c13);
        }
        MemorySegment out = t.out;
        long at = t.outOffset, stride = t.outStride;
        c00.intoMemorySegment(out, at, ORDER);
        c01.intoMemorySegment(out, at + BYTES, ORDER);
        c02.intoMemorySegment(out, at + 2 * BYTES, ORDER);
        c03.intoMemorySegment(out, at + 3 * BYTES, ORDER);
        c10.intoMemorySegment(out, at + stride, ORDER);
        c11.intoMemorySegment(out, at + stride + BYTES, ORDER);
        c12.intoMemorySegment(out, at + stride + 2 * BYTES, ORDER);
        c13.intoMemorySegment(out, at + stride + 3 * BYTES, ORDER);
    }
}
