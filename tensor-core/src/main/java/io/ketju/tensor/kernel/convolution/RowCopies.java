package io.ketju.tensor.kernel.convolution;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.simd.VectorMemory;
import java.util.function.IntUnaryOperator;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Copies rows of floats between a tensor and its phases: those of number r, r + stride, r + 2 · stride, ... */
final class RowCopies {
    private static final long BYTES = Float.BYTES;
    private static final FloatVector EVEN = places(i -> 2 * i);
    private static final FloatVector ODD = places(i -> 2 * i + 1);
    private static final FloatVector LOW = places(i -> i / 2 + i % 2 * LANES);
    private static final FloatVector HIGH = places(i -> LANES / 2 + i / 2 + i % 2 * LANES);

    private RowCopies() {}

    static void copy(long from, long to, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            store(load(from + i * BYTES), to + i * BYTES);
        }
        if (i < n) {
            VectorMask<Float> mask = first(n - i);
            store(load(from + i * BYTES, mask), to + i * BYTES, mask);
        }
    }

    /**
     * Copies rows side by side to rows a pitch of bytes apart. Zeros run over behind the first rows, up to the end of a
     * vector: the rows that follow are written after them, and masked stores cost several times as much.
     */
    static void padRows(Rows rows, long from, long to, int free) {
        int n = rows.length;
        int row = Math.clamp(free, 0, Math.max(0, rows.count));
        if (n <= LANES) {
            padShortRows(row, n, from, to, rows.pitch);
        } else {
            for (int i = 0; i < row; i++) {
                copyAndZeros(from + (long) i * n * BYTES, to + i * rows.pitch, n);
            }
        }
        for (; row < rows.count; row++) {
            copy(from + (long) row * n * BYTES, to + row * rows.pitch, n);
        }
    }

    private static void padShortRows(int rows, int n, long from, long to, long pitch) {
        VectorMask<Float> mask = first(n);
        for (int row = 0; row < rows; row++) {
            store(load(from + (long) row * n * BYTES, mask), to + row * pitch);
        }
    }

    private static void copyAndZeros(long from, long to, int n) {
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            store(load(from + i * BYTES), to + i * BYTES);
        }
        if (i < n) {
            store(load(from + i * BYTES, first(n - i)), to + i * BYTES);
        }
    }

    /**
     * Copies rows of some length, a pitch of bytes apart, to rows side by side, and adds a number. A vector that is not
     * masked runs over into the next rows, which are written after it: masked stores cost several times as much.
     */
    static void copyRows(int count, int length, long pitch, float value, long from, long to) {
        long at = from;
        long end = to + (long) count * length * BYTES;
        long whole = Math.ceilDiv(length, LANES) * VECTOR;
        long target = to;
        for (; target + whole <= end; target += length * BYTES, at += pitch) {
            wholePlus(at, value, target, whole);
        }
        for (; target < end; target += length * BYTES, at += pitch) {
            copyPlus(at, value, target, length);
        }
    }

    /** Rows of some floats, a pitch of bytes apart. */
    record Rows(int count, int length, long pitch) {}

    private static void wholePlus(long from, float value, long to, long bytes) {
        FloatVector add = FloatVector.broadcast(SPECIES, value);
        for (long i = 0; i < bytes; i += VECTOR) {
            store(load(from + i).add(add), to + i);
        }
    }

    /** Copies and adds a number. */
    static void copyPlus(long from, float value, long to, int n) {
        FloatVector add = FloatVector.broadcast(SPECIES, value);
        int i = 0;
        for (; i <= n - LANES; i += LANES) {
            store(load(from + i * BYTES).add(add), to + i * BYTES);
        }
        if (i < n) {
            VectorMask<Float> mask = first(n - i);
            store(load(from + i * BYTES, mask).add(add), to + i * BYTES, mask);
        }
    }

    /**
     * Takes n floats apart into those of even and of odd number.
     *
     * @param over whether zeros may be written behind them up to the end of a vector
     */
    static void split(long from, long even, long odd, int n, boolean over) {
        int i = 0;
        for (; 2 * i <= n - 2 * LANES; i += LANES) {
            FloatVector a = load(from + 2L * i * BYTES);
            FloatVector b = load(from + 2L * i * BYTES + VECTOR);
            store(EVEN.selectFrom(a, b), even + i * BYTES);
            store(ODD.selectFrom(a, b), odd + i * BYTES);
        }
        if (2 * i < n) {
            if (over) {
                splitAndZeros(from + 2L * i * BYTES, even + i * BYTES, odd + i * BYTES, n - 2 * i);
            } else {
                splitEnd(from + 2L * i * BYTES, even + i * BYTES, odd + i * BYTES, n - 2 * i);
            }
        }
    }

    /**
     * Splits rows of at most two vectors, and writes zeros behind the parts up to the end of a vector.
     *
     * @param rows how many, how long, and the bytes from one to the next where they are written
     * @param stride bytes from one to the next where they are read
     */
    static void splitShortRows(Rows rows, long from, long stride, long even, long odd) {
        if (rows.length <= LANES) {
            splitRowsOfOne(rows, from, stride, even, odd);
        } else {
            splitRowsOfTwo(rows, from, stride, even, odd);
        }
    }

    // One masked vector in each method: with two of them, or both in one, the compiler leaves vectors on the heap.

    private static void splitRowsOfOne(Rows rows, long from, long stride, long even, long odd) {
        VectorMask<Float> mask = first(rows.length);
        FloatVector zero = FloatVector.zero(SPECIES);
        for (int row = 0; row < rows.count; row++) {
            FloatVector a = load(from + row * stride, mask);
            store(EVEN.selectFrom(a, zero), even + row * rows.pitch);
            store(ODD.selectFrom(a, zero), odd + row * rows.pitch);
        }
    }

    private static void splitRowsOfTwo(Rows rows, long from, long stride, long even, long odd) {
        VectorMask<Float> mask = first(rows.length - LANES);
        for (int row = 0; row < rows.count; row++) {
            FloatVector a = load(from + row * stride);
            FloatVector b = load(from + row * stride + VECTOR, mask);
            store(EVEN.selectFrom(a, b), even + row * rows.pitch);
            store(ODD.selectFrom(a, b), odd + row * rows.pitch);
        }
    }

    /** The same for the elements of even number alone. */
    static void evenShortRows(Rows rows, long from, long stride, long even) {
        if (rows.length <= LANES) {
            evenRowsOfOne(rows, from, stride, even);
        } else {
            evenRowsOfTwo(rows, from, stride, even);
        }
    }

    private static void evenRowsOfOne(Rows rows, long from, long stride, long even) {
        VectorMask<Float> mask = first(rows.length);
        FloatVector zero = FloatVector.zero(SPECIES);
        for (int row = 0; row < rows.count; row++) {
            FloatVector a = load(from + row * stride, mask);
            store(EVEN.selectFrom(a, zero), even + row * rows.pitch);
        }
    }

    private static void evenRowsOfTwo(Rows rows, long from, long stride, long even) {
        VectorMask<Float> mask = first(rows.length - LANES);
        for (int row = 0; row < rows.count; row++) {
            FloatVector a = load(from + row * stride);
            FloatVector b = load(from + row * stride + VECTOR, mask);
            store(EVEN.selectFrom(a, b), even + row * rows.pitch);
        }
    }

    private static void splitAndZeros(long from, long even, long odd, int n) {
        FloatVector a = load(from, first(n));
        FloatVector b = load(from + VECTOR, first(Math.max(0, n - LANES)));
        store(EVEN.selectFrom(a, b), even);
        store(ODD.selectFrom(a, b), odd);
    }

    private static void splitEnd(long from, long even, long odd, int n) {
        FloatVector a = load(from, first(n));
        FloatVector b = load(from + VECTOR, first(Math.max(0, n - LANES)));
        store(EVEN.selectFrom(a, b), even, first((n + 1) / 2));
        store(ODD.selectFrom(a, b), odd, first(n / 2));
    }

    /**
     * Writes a row of n floats whose elements of even and of odd number come from rows of their own, and adds a number.
     * Behind those may lie up to a vector of anything.
     */
    static void join(long even, long odd, float value, long to, int n) {
        FloatVector add = FloatVector.broadcast(SPECIES, value);
        int i = 0;
        for (; 2 * i <= n - 2 * LANES; i += LANES) {
            FloatVector a = load(even + i * BYTES);
            FloatVector b = load(odd + i * BYTES);
            store(LOW.selectFrom(a, b).add(add), to + 2L * i * BYTES);
            store(HIGH.selectFrom(a, b).add(add), to + 2L * i * BYTES + VECTOR);
        }
        if (2 * i < n) {
            joinEnd(even + i * BYTES, odd + i * BYTES, value, to + 2L * i * BYTES, n - 2 * i);
        }
    }

    private static void joinEnd(long even, long odd, float value, long to, int n) {
        FloatVector add = FloatVector.broadcast(SPECIES, value);
        FloatVector a = load(even);
        FloatVector b = load(odd);
        FloatVector low = LOW.selectFrom(a, b).add(add);
        if (n < LANES) {
            store(low, to, first(n));
            return;
        }
        store(low, to);
        if (n > LANES) {
            store(HIGH.selectFrom(a, b).add(add), to + VECTOR, first(n - LANES));
        }
    }

    /** Takes every so many floats, the first included, until the row of n floats ends. */
    static void gather(long from, int stride, long to, int n) {
        switch (stride) {
            case 1 -> copy(from, to, n);
            case 2 -> evenOnes(from, to, n);
            default -> each(from, stride, to, n);
        }
    }

    private static void evenOnes(long from, long to, int n) {
        int i = 0;
        for (; 2 * i <= n - 2 * LANES; i += LANES) {
            FloatVector a = load(from + 2L * i * BYTES);
            FloatVector b = load(from + 2L * i * BYTES + VECTOR);
            store(EVEN.selectFrom(a, b), to + i * BYTES);
        }
        if (2 * i < n) {
            evenEnd(from + 2L * i * BYTES, to + i * BYTES, n - 2 * i);
        }
    }

    private static void evenEnd(long from, long to, int n) {
        FloatVector a = load(from, first(n));
        FloatVector b = load(from + VECTOR, first(Math.max(0, n - LANES)));
        store(EVEN.selectFrom(a, b), to, first((n + 1) / 2));
    }

    private static void each(long from, int stride, long to, int n) {
        long at = to;
        for (int i = 0; i < n; i += stride, at += BYTES) {
            VectorMemory.set(at, VectorMemory.get(from + i * BYTES));
        }
    }

    /** The opposite of {@link #gather}, with a number added. */
    static void spread(long from, float value, long to, int stride, int n) {
        long at = from;
        for (int i = 0; i < n; i += stride, at += BYTES) {
            VectorMemory.set(to + i * BYTES, VectorMemory.get(at) + value);
        }
    }

    /** Places in a pair of registers, as floats, which a permutation of two registers takes. */
    private static FloatVector places(IntUnaryOperator place) {
        float[] places = new float[LANES];
        for (int i = 0; i < LANES; i++) {
            places[i] = place.applyAsInt(i);
        }
        return FloatVector.fromArray(SPECIES, places, 0);
    }
}
