package io.ketju.tensor.kernel;

import static io.ketju.tensor.kernel.Tile.DISTANCE;
import static io.ketju.tensor.kernel.Tile.FLOAT;
import static io.ketju.tensor.kernel.Tile.ORDER;
import static io.ketju.tensor.kernel.VectorWidth.SPECIES;
import static jdk.incubator.vector.FloatVector.broadcast;
import static jdk.incubator.vector.FloatVector.fromMemorySegment;
import static jdk.incubator.vector.FloatVector.zero;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** Micro-kernels as {@link WideTapTile}, for panels of two registers. */
final class NarrowTapTile {
    private static final long BYTES = VectorWidth.LANES * (long) Float.BYTES;

    private NarrowTapTile() {}

    /** 5 rows. */
    static void rows5(Tile t, MemorySegment a, long row, long step, MemorySegment b, long origin) {
        FloatVector z = zero(SPECIES), c00 = z, c01 = z, c10 = z, c11 = z, c20 = z, c21 = z, c30 = z, c31 = z, c40 = z;
        FloatVector c41 = z;
        MemorySegment taps = t.taps;
        for (int k = 0, length = t.k; k < length; k++) {
            long from = origin + taps.get(DISTANCE, 8L * k);
            FloatVector b0 = fromMemorySegment(SPECIES, b, from, ORDER);
            FloatVector b1 = fromMemorySegment(SPECIES, b, from + BYTES, ORDER);
            FloatVector x0 = broadcast(SPECIES, a.get(FLOAT, row + 4L * k));
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            FloatVector x1 = broadcast(SPECIES, a.get(FLOAT, row + step + 4L * k));
            c10 = x1.fma(b0, c10);
            c11 = x1.fma(b1, c11);
            FloatVector x2 = broadcast(SPECIES, a.get(FLOAT, row + 2 * step + 4L * k));
            c20 = x2.fma(b0, c20);
            c21 = x2.fma(b1, c21);
            FloatVector x3 = broadcast(SPECIES, a.get(FLOAT, row + 3 * step + 4L * k));
            c30 = x3.fma(b0, c30);
            c31 = x3.fma(b1, c31);
            FloatVector x4 = broadcast(SPECIES, a.get(FLOAT, row + 4 * step + 4L * k));
            c40 = x4.fma(b0, c40);
            c41 = x4.fma(b1, c41);
        }
        MemorySegment out = t.out;
        long at = t.outOffset, stride = t.outStride;
        c00.intoMemorySegment(out, at, ORDER);
        c01.intoMemorySegment(out, at + BYTES, ORDER);
        c10.intoMemorySegment(out, at + stride, ORDER);
        c11.intoMemorySegment(out, at + stride + BYTES, ORDER);
        c20.intoMemorySegment(out, at + 2 * stride, ORDER);
        c21.intoMemorySegment(out, at + 2 * stride + BYTES, ORDER);
        c30.intoMemorySegment(out, at + 3 * stride, ORDER);
        c31.intoMemorySegment(out, at + 3 * stride + BYTES, ORDER);
        c40.intoMemorySegment(out, at + 4 * stride, ORDER);
        c41.intoMemorySegment(out, at + 4 * stride + BYTES, ORDER);
    }

    /** 4 rows. */
    static void rows4(Tile t, MemorySegment a, long row, long step, MemorySegment b, long origin) {
        FloatVector z = zero(SPECIES), c00 = z, c01 = z, c10 = z, c11 = z, c20 = z, c21 = z, c30 = z, c31 = z;
        MemorySegment taps = t.taps;
        for (int k = 0, length = t.k; k < length; k++) {
            long from = origin + taps.get(DISTANCE, 8L * k);
            FloatVector b0 = fromMemorySegment(SPECIES, b, from, ORDER);
            FloatVector b1 = fromMemorySegment(SPECIES, b, from + BYTES, ORDER);
            FloatVector x0 = broadcast(SPECIES, a.get(FLOAT, row + 4L * k));
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            FloatVector x1 = broadcast(SPECIES, a.get(FLOAT, row + step + 4L * k));
            c10 = x1.fma(b0, c10);
            c11 = x1.fma(b1, c11);
            FloatVector x2 = broadcast(SPECIES, a.get(FLOAT, row + 2 * step + 4L * k));
            c20 = x2.fma(b0, c20);
            c21 = x2.fma(b1, c21);
            FloatVector x3 = broadcast(SPECIES, a.get(FLOAT, row + 3 * step + 4L * k));
            c30 = x3.fma(b0, c30);
            c31 = x3.fma(b1, c31);
        }
        MemorySegment out = t.out;
        long at = t.outOffset, stride = t.outStride;
        c00.intoMemorySegment(out, at, ORDER);
        c01.intoMemorySegment(out, at + BYTES, ORDER);
        c10.intoMemorySegment(out, at + stride, ORDER);
        c11.intoMemorySegment(out, at + stride + BYTES, ORDER);
        c20.intoMemorySegment(out, at + 2 * stride, ORDER);
        c21.intoMemorySegment(out, at + 2 * stride + BYTES, ORDER);
        c30.intoMemorySegment(out, at + 3 * stride, ORDER);
        c31.intoMemorySegment(out, at + 3 * stride + BYTES, ORDER);
    }

    /** 3 rows. */
    static void rows3(Tile t, MemorySegment a, long row, long step, MemorySegment b, long origin) {
        FloatVector z = zero(SPECIES), c00 = z, c01 = z, c10 = z, c11 = z, c20 = z, c21 = z;
        MemorySegment taps = t.taps;
        for (int k = 0, length = t.k; k < length; k++) {
            long from = origin + taps.get(DISTANCE, 8L * k);
            FloatVector b0 = fromMemorySegment(SPECIES, b, from, ORDER);
            FloatVector b1 = fromMemorySegment(SPECIES, b, from + BYTES, ORDER);
            FloatVector x0 = broadcast(SPECIES, a.get(FLOAT, row + 4L * k));
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            FloatVector x1 = broadcast(SPECIES, a.get(FLOAT, row + step + 4L * k));
            c10 = x1.fma(b0, c10);
            c11 = x1.fma(b1, c11);
            FloatVector x2 = broadcast(SPECIES, a.get(FLOAT, row + 2 * step + 4L * k));
            c20 = x2.fma(b0, c20);
            c21 = x2.fma(b1, c21);
        }
        MemorySegment out = t.out;
        long at = t.outOffset, stride = t.outStride;
        c00.intoMemorySegment(out, at, ORDER);
        c01.intoMemorySegment(out, at + BYTES, ORDER);
        c10.intoMemorySegment(out, at + stride, ORDER);
        c11.intoMemorySegment(out, at + stride + BYTES, ORDER);
        c20.intoMemorySegment(out, at + 2 * stride, ORDER);
        c21.intoMemorySegment(out, at + 2 * stride + BYTES, ORDER);
    }

    /** 2 rows. */
    static void rows2(Tile t, MemorySegment a, long row, long step, MemorySegment b, long origin) {
        FloatVector z = zero(SPECIES), c00 = z, c01 = z, c10 = z, c11 = z;
        MemorySegment taps = t.taps;
        for (int k = 0, length = t.k; k < length; k++) {
            long from = origin + taps.get(DISTANCE, 8L * k);
            FloatVector b0 = fromMemorySegment(SPECIES, b, from, ORDER);
            FloatVector b1 = fromMemorySegment(SPECIES, b, from + BYTES, ORDER);
            FloatVector x0 = broadcast(SPECIES, a.get(FLOAT, row + 4L * k));
            c00 = x0.fma(b0, c00);
            c01 = x0.fma(b1, c01);
            FloatVector x1 = broadcast(SPECIES, a.get(FLOAT, row + step + 4L * k));
            c10 = x1.fma(b0, c10);
            c11 = x1.fma(b1, c11);
        }
        MemorySegment out = t.out;
        long at = t.outOffset, stride = t.outStride;
        c00.intoMemorySegment(out, at, ORDER);
        c01.intoMemorySegment(out, at + BYTES, ORDER);
        c10.intoMemorySegment(out, at + stride, ORDER);
        c11.intoMemorySegment(out, at + stride + BYTES, ORDER);
    }
}
