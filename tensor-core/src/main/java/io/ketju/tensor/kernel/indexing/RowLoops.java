package io.ketju.tensor.kernel.indexing;

import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.LANES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Copies and adds rows of four-byte elements at addresses. */
final class RowLoops {
    /** Rows of one length, at equal distances in bytes. */
    record Rows(int count, int columns, long xStride, long yStride) {
        void copy(long x, long y) {
            if (columns <= LANES) {
                copyShort(x, y);
            } else {
                long from = x;
                long to = y;
                for (int row = 0; row < count; row++, from += xStride, to += yStride) {
                    RowLoops.copy(from, to, columns);
                }
            }
        }

        private void copyShort(long x, long y) {
            VectorMask<Float> mask = first(columns);
            long xStep = xStride;
            long yStep = yStride;
            long from = x;
            long to = y;
            for (int row = 0, rows = count; row < rows; row++, from += xStep, to += yStep) {
                store(load(from, mask), to, mask);
            }
        }
    }

    private RowLoops() {}

    /**
     * Bits are only moved, so that integers may be copied, too. What is less than a vector at the end goes with some of the
     * elements before it: masked stores take many times as long on some processors.
     */
    static void copy(long x, long y, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            store(load(x + 4L * i), y + 4L * i);
        }
        if (i < n && n > LANES) {
            store(load(x + 4L * (n - LANES)), y + 4L * (n - LANES));
        } else if (i < n) {
            VectorMask<Float> rest = first(n);
            store(load(x, rest), y, rest);
        }
    }

    /** {@code y += x}, the end as in {@link #copy}: it is read before anything is written. */
    static void add(long x, long y, int n) {
        if (n < LANES) {
            VectorMask<Float> all = first(n);
            store(load(y, all).add(load(x, all)), y, all);
            return;
        }
        long last = 4L * (n - LANES);
        FloatVector end = load(y + last).add(load(x + last));
        for (int i = 0; i < n - LANES; i += LANES) {
            store(load(y + 4L * i).add(load(x + 4L * i)), y + 4L * i);
        }
        store(end, y + last);
    }
}
