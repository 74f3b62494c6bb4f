package io.ketju.tensor.kernel.indexing;

import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.LANES;

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

    /** Bits are only moved, so that integers may be copied, too. */
    static void copy(long x, long y, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            store(load(x + 4L * i), y + 4L * i);
        }
        if (i < n) {
            VectorMask<Float> rest = first(n - i);
            store(load(x + 4L * i, rest), y + 4L * i, rest);
        }
    }

    /** {@code y += x}. */
    static void add(long x, long y, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            store(load(y + 4L * i).add(load(x + 4L * i)), y + 4L * i);
        }
        if (i < n) {
            VectorMask<Float> rest = first(n - i);
            store(load(y + 4L * i, rest).add(load(x + 4L * i, rest)), y + 4L * i, rest);
        }
    }
}
