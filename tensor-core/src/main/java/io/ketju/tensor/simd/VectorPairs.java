package io.ketju.tensor.simd;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.getInt;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.setInt;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * Two rows to one row of pairs and back, by permutations of two registers. The four-byte elements may be floats or
 * integers, their bits are only moved. Addresses are in bytes; what is read and what is written do not overlap.
 */
public final class VectorPairs {
    private static final FloatVector LOW = places(0, false);
    private static final FloatVector HIGH = places(LANES / 2, false);
    private static final FloatVector FIRSTS = places(0, true);
    private static final FloatVector SECONDS = places(1, true);

    private VectorPairs() {}

    /**
     * {@code y[2i] = a[i], y[2i + 1] = b[i]} for i below {@code count}.
     *
     * @param a address of a row
     * @param b address of the other row
     * @param y address of the pairs, twice as long
     * @param count elements of each row
     */
    public static void join(long a, long b, long y, int count) {
        int whole = count - count % LANES;
        for (int i = 0; i < whole; i += LANES) {
            FloatVector first = load(a + 4L * i);
            FloatVector second = load(b + 4L * i);
            store(LOW.selectFrom(first, second), y + 8L * i);
            store(HIGH.selectFrom(first, second), y + 8L * i + VECTOR);
        }
        for (int i = whole; i < count; i++) {
            setInt(y + 8L * i, getInt(a + 4L * i));
            setInt(y + 8L * i + 4, getInt(b + 4L * i));
        }
    }

    /**
     * {@code a[i] = x[2i], b[i] = x[2i + 1]} for i below {@code count}.
     *
     * @param x address of the pairs
     * @param a address of the row of the first ones
     * @param b address of the row of the second ones
     * @param count pairs
     */
    public static void part(long x, long a, long b, int count) {
        int whole = count - count % LANES;
        for (int i = 0; i < whole; i += LANES) {
            FloatVector low = load(x + 8L * i);
            FloatVector high = load(x + 8L * i + VECTOR);
            store(FIRSTS.selectFrom(low, high), a + 4L * i);
            store(SECONDS.selectFrom(low, high), b + 4L * i);
        }
        for (int i = whole; i < count; i++) {
            setInt(a + 4L * i, getInt(x + 8L * i));
            setInt(b + 4L * i, getInt(x + 8L * i + 4));
        }
    }

    /** Places in a pair of registers, as floats: every second from {@code start}, or from both registers in turn. */
    private static FloatVector places(int start, boolean everySecond) {
        float[] places = new float[LANES];
        for (int i = 0; i < LANES; i++) {
            places[i] = everySecond ? start + 2 * i : start + i / 2 + (i % 2 == 0 ? 0 : LANES);
        }
        return FloatVector.fromArray(SPECIES, places, 0);
    }
}
