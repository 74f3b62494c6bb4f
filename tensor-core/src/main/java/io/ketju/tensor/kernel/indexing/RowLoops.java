package io.ketju.tensor.kernel.indexing;

import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.LANES;

import jdk.incubator.vector.VectorMask;

/** Copies and adds rows of four-byte elements at addresses. */
final class RowLoops {
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
