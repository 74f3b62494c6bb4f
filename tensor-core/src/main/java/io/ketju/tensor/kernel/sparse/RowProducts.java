package io.ketju.tensor.kernel.sparse;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.get;
import static io.ketju.tensor.simd.VectorMemory.getInt;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * One row of a sparse matrix times a dense matrix, some vectors of columns at a time, which stay in registers while the
 * elements of the row go by. The last vector ends with the columns: it may begin within the one before, and both then write
 * the same there. So only what is narrower than a vector is masked.
 */
final class RowProducts {
    /** Vectors that stay in registers. */
    static final int WIDE = 4;

    /** Where the elements of one row lie. */
    record Row(long columns, long values, int count) {}

    private RowProducts() {}

    /** {@code y = row · x}, or adds that to y. */
    static void product(Row row, long x, long y, int width, boolean accumulate) {
        for (int i = 0; i < width; i += WIDE * LANES) {
            long from = x + 4L * i;
            long to = y + 4L * i;
            int rest = width - i;
            if (rest > 2 * LANES) {
                wide(row, from, 4L * width, to, 4L * (rest - LANES), accumulate);
            } else if (rest >= LANES) {
                pair(row, from, 4L * width, to, 4L * (rest - LANES), accumulate);
            } else {
                narrow(row, from, 4L * width, to, first(rest), accumulate);
            }
        }
    }

    private static void wide(Row row, long x, long stride, long y, long last, boolean accumulate) {
        long second = Math.min(VECTOR, last);
        long third = Math.min(2 * VECTOR, last);
        long fourth = Math.min(3 * VECTOR, last);
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int e = 0; e < row.count(); e++) {
            FloatVector value = FloatVector.broadcast(SPECIES, get(row.values() + 4L * e));
            long from = x + stride * getInt(row.columns() + 4L * e);
            s0 = value.fma(load(from), s0);
            s1 = value.fma(load(from + second), s1);
            s2 = value.fma(load(from + third), s2);
            s3 = value.fma(load(from + fourth), s3);
        }
        if (accumulate) {
            s0 = load(y).add(s0);
            s1 = load(y + second).add(s1);
            s2 = load(y + third).add(s2);
            s3 = load(y + fourth).add(s3);
        }
        store(s0, y);
        store(s1, y + second);
        store(s2, y + third);
        store(s3, y + fourth);
    }

    private static void pair(Row row, long x, long stride, long y, long last, boolean accumulate) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        for (int e = 0; e < row.count(); e++) {
            FloatVector value = FloatVector.broadcast(SPECIES, get(row.values() + 4L * e));
            long from = x + stride * getInt(row.columns() + 4L * e);
            s0 = value.fma(load(from), s0);
            s1 = value.fma(load(from + last), s1);
        }
        if (accumulate) {
            s0 = load(y).add(s0);
            s1 = load(y + last).add(s1);
        }
        store(s0, y);
        store(s1, y + last);
    }

    private static void narrow(Row row, long x, long stride, long y, VectorMask<Float> lanes, boolean accumulate) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int e = 0; e < row.count(); e++) {
            FloatVector value = FloatVector.broadcast(SPECIES, get(row.values() + 4L * e));
            sum = value.fma(load(x + stride * getInt(row.columns() + 4L * e), lanes), sum);
        }
        if (accumulate) {
            sum = load(y, lanes).add(sum);
        }
        store(sum, y, lanes);
    }
}
