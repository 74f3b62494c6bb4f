package io.ketju.tensor.kernel.update;

import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorMemory.vectorEnd;
import static io.ketju.tensor.simd.VectorWidth.LANES;

import jdk.incubator.vector.VectorMask;

/** Gradient clipping on vectors, in place. */
final class VectorClipping {
    private static final long BYTES = Float.BYTES;

    private VectorClipping() {}

    static void scale(float coefficient, long dw, int from, int to) {
        int end = vectorEnd(from, to);
        for (int i = from; i < end; i += LANES) {
            long at = dw + i * BYTES;
            store(load(at).mul(coefficient), at);
        }
        if (end < to) {
            long at = dw + end * BYTES;
            VectorMask<Float> mask = first(to - end);
            store(load(at, mask).mul(coefficient), at, mask);
        }
    }

    static void clip(float limit, long dw, int from, int to) {
        int end = vectorEnd(from, to);
        for (int i = from; i < end; i += LANES) {
            long at = dw + i * BYTES;
            store(load(at).max(-limit).min(limit), at);
        }
        if (end < to) {
            long at = dw + end * BYTES;
            VectorMask<Float> mask = first(to - end);
            store(load(at, mask).max(-limit).min(limit), at, mask);
        }
    }
}
