package io.ketju.tensor.kernel.resampling;

import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.set;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * Planes of which a rectangle is one of other planes, as it is, and the rest is one value: what padding with a number, and
 * cropping, make. Rows are copied in runs of whole vectors, of which the last begins so that it ends with the row.
 *
 * @param rows of the planes that are written, and which of the others' they are
 * @param columns likewise
 */
record PlaneWindow(Run rows, Run columns) {
    /**
     * An axis that is partly another's.
     *
     * @param size of the axis that is read
     * @param count of the axis that is written
     * @param source where the part begins in the one
     * @param to where it begins in the other
     * @param length of the part
     */
    record Run(int size, int count, int source, int to, int length) {
        private Run back() {
            return new Run(count, size, to, source, length);
        }
    }

    /** Null if the map is none of a rectangle. */
    static @Nullable PlaneWindow of(PlaneMap map) {
        Run rows = map.rows().run();
        Run columns = map.columns().run();
        return rows == null || columns == null ? null : new PlaneWindow(rows, columns);
    }

    /** What gives the rectangle back: of a gradient that of its source. */
    PlaneWindow back() {
        return new PlaneWindow(rows.back(), columns.back());
    }

    /** Overwrites a plane at {@code y} by the rectangle of that at {@code x}, and the value around it. */
    void take(long x, long y, float value) {
        write(x, y, value, false);
    }

    /** {@link #take} of what is added to zeros, so that minus zero becomes zero. */
    void sum(long x, long y) {
        write(x, y, 0, true);
    }

    private void write(long x, long y, float value, boolean summed) {
        int kept = columns.length == 0 ? 0 : rows.length;
        int between = columns.count - columns.length;
        int edge = kept == 0 ? 0 : rows.to * columns.count + columns.to;
        fill(y, edge, value);
        long to = y + 4L * edge;
        for (int i = 0; i < kept; i++) {
            if (i > 0) {
                fill(to, between, value);
                to += 4L * between;
            }
            long from = x + 4L * ((long) (rows.source + i) * columns.size + columns.source);
            if (summed) {
                sum(from, to, columns.length);
            } else {
                copy(from, to, columns.length);
            }
            to += 4L * columns.length;
        }
        fill(to, rows.count * columns.count - (int) ((to - y) / 4), value);
    }

    private static void fill(long to, int count, float value) {
        if (count < LANES) {
            for (int i = 0; i < count; i++) {
                set(to + 4L * i, value);
            }
            return;
        }
        FloatVector vector = FloatVector.broadcast(SPECIES, value);
        for (int i = 0; i < count - LANES; i += LANES) {
            store(vector, to + 4L * i);
        }
        store(vector, to + 4L * (count - LANES));
    }

    private static void copy(long from, long to, int count) {
        if (count < LANES) {
            store(load(from, first(count)), to, first(count));
            return;
        }
        for (int i = 0; i < count - LANES; i += LANES) {
            store(load(from + 4L * i), to + 4L * i);
        }
        long last = 4L * (count - LANES);
        store(load(from + last), to + last);
    }

    private static void sum(long from, long to, int count) {
        FloatVector zero = FloatVector.zero(SPECIES);
        if (count < LANES) {
            store(load(from, first(count)).add(zero), to, first(count));
            return;
        }
        for (int i = 0; i < count - LANES; i += LANES) {
            store(load(from + 4L * i).add(zero), to + 4L * i);
        }
        long last = 4L * (count - LANES);
        store(load(from + last).add(zero), to + last);
    }
}
