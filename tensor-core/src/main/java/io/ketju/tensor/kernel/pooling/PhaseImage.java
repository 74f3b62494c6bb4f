package io.ketju.tensor.kernel.pooling;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.VectorMemory;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * A plane whose rows are taken apart into phases: phase r of a row holds its columns r, r + stride, r + 2·stride, ...
 * with padding before and behind. What one tap of windows side by side sees then lies side by side, whatever the stride.
 * In scratch memory, for one thread, from {@code new} to the release of the scratch.
 */
final class PhaseImage {
    private static final FloatVector EVEN = places(i -> 2 * i);
    private static final FloatVector ODD = places(i -> 2 * i + 1);
    private static final FloatVector LOW = places(i -> i / 2 + i % 2 * LANES);
    private static final FloatVector HIGH = places(i -> LANES / 2 + i / 2 + i % 2 * LANES);

    private final int height;
    private final int width;
    private final int stride;
    /** Bytes from the start of a phase to its first column that is not padding. */
    private final long left;

    private final long phaseBytes;
    private final long base;
    private final long bytes;
    private final long taps;

    PhaseImage(Scratch scratch, PoolShape shape, PoolWindow window) {
        PoolAxis axis = window.columns();
        height = shape.height();
        width = shape.width();
        stride = axis.stride();
        int before = Math.ceilDiv(axis.padding(), stride);
        int behind = Math.floorDiv(axis.extent() - 1 - axis.padding(), stride);
        int windows = Math.ceilDiv(shape.outWidth(), LANES) * LANES;
        int length = before + Math.max(behind + windows, Math.ceilDiv(width, stride));
        left = 4L * before;
        phaseBytes = Math.ceilDiv(length, LANES) * VECTOR;
        bytes = (long) height * stride * phaseBytes;
        base = scratch.allocate(bytes).address();
        taps = scratch.allocate(4L * window.rows().kernel() * axis.kernel()).address();
        for (int kh = 0; kh < window.rows().kernel(); kh++) {
            for (int kw = 0; kw < axis.kernel(); kw++) {
                int column = kw * axis.dilation() - axis.padding();
                long at = Math.floorMod(column, stride) * phaseBytes + left + 4L * Math.floorDiv(column, stride);
                long down = (long) kh * window.rows().dilation() * rowBytes();
                VectorMemory.setInt(taps + 4L * ((long) kh * axis.kernel() + kw), Math.toIntExact(down + at));
            }
        }
    }

    /** Fills everything. */
    PhaseImage fill(float value) {
        FloatVector vector = FloatVector.broadcast(SPECIES, value);
        for (long at = base, end = base + bytes; at < end; at += VECTOR) {
            store(vector, at);
        }
        return this;
    }

    /** Where row h starts, or would if it existed. */
    long row(int h) {
        return base + h * rowBytes();
    }

    private long rowBytes() {
        return stride * phaseBytes;
    }

    /**
     * INT32 table of the taps of a window, row by row: from the start of the window's first row to what the tap of window
     * 0 sees; the next windows see what follows.
     */
    long taps() {
        return taps;
    }

    /** Takes in a plane; the padding stays as it is. */
    void read(long x) {
        for (int h = 0; h < height; h++) {
            long from = x + 4L * h * width;
            long to = row(h) + left;
            if (stride == 1) {
                copy(from, to, width);
            } else if (stride == 2) {
                split(from, to, to + phaseBytes, width);
            } else {
                for (int w = 0; w < width; w++) {
                    VectorMemory.set(to + w % stride * phaseBytes + 4L * (w / stride), VectorMemory.get(from + 4L * w));
                }
            }
        }
    }

    /** Writes the plane without its padding. */
    void write(long x) {
        for (int h = 0; h < height; h++) {
            long to = x + 4L * h * width;
            long from = row(h) + left;
            if (stride == 1) {
                copy(from, to, width);
            } else if (stride == 2) {
                join(from, from + phaseBytes, to, width);
            } else {
                for (int w = 0; w < width; w++) {
                    VectorMemory.set(to + 4L * w, VectorMemory.get(from + w % stride * phaseBytes + 4L * (w / stride)));
                }
            }
        }
    }

    /** The elements with even numbers of the pair. */
    static FloatVector even(FloatVector a, FloatVector b) {
        return EVEN.selectFrom(a, b);
    }

    /** The elements with odd numbers of the pair. */
    static FloatVector odd(FloatVector a, FloatVector b) {
        return ODD.selectFrom(a, b);
    }

    private static void copy(long from, long to, int count) {
        int i = 0;
        for (; i <= count - LANES; i += LANES) {
            store(load(from + 4L * i), to + 4L * i);
        }
        if (i < count) {
            VectorMask<Float> rest = first(count - i);
            store(load(from + 4L * i, rest), to + 4L * i, rest);
        }
    }

    private static void split(long x, long even, long odd, int width) {
        for (int i = 0; 2 * i < width; i += LANES) {
            FloatVector a = load(x + 8L * i, first(width - 2 * i));
            FloatVector b = load(x + 8L * i + VECTOR, first(Math.max(0, width - 2 * i - LANES)));
            store(even(a, b), even + 4L * i, first((width + 1) / 2 - i));
            store(odd(a, b), odd + 4L * i, first(Math.max(0, width / 2 - i)));
        }
    }

    private static void join(long even, long odd, long x, int width) {
        for (int i = 0; 2 * i < width; i += LANES) {
            FloatVector a = load(even + 4L * i, first((width + 1) / 2 - i));
            FloatVector b = load(odd + 4L * i, first(Math.max(0, width / 2 - i)));
            store(LOW.selectFrom(a, b), x + 8L * i, first(width - 2 * i));
            store(HIGH.selectFrom(a, b), x + 8L * i + VECTOR, first(Math.max(0, width - 2 * i - LANES)));
        }
    }

    /** Places in a pair of registers, as floats, which a permutation of two registers takes. */
    private static FloatVector places(java.util.function.IntUnaryOperator place) {
        float[] places = new float[LANES];
        for (int i = 0; i < LANES; i++) {
            places[i] = place.applyAsInt(i);
        }
        return FloatVector.fromArray(SPECIES, places, 0);
    }
}
