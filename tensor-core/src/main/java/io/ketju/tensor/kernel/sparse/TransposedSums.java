package io.ketju.tensor.kernel.sparse;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.get;
import static io.ketju.tensor.simd.VectorMemory.getInt;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.kernel.sparse.RowProducts.Row;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/**
 * Adds products of the elements of a sparse matrix with rows of x, one after the other, to rows of y, of elements that are
 * sorted by those: some vectors of a row of y are read once, stay in registers while its elements go by, and are written
 * once. The last vector ends with the row, as in {@link RowProducts}; all that is changed together is read before any of it
 * is written.
 */
record TransposedSums(ColumnOrder order, long x, long y, int width) {
    /** The elements from {@code from} to {@code to - 1}. */
    void add(int from, int to) {
        long columns = order.columns();
        for (int e = from; e < to; ) {
            int column = getInt(columns + 4L * e);
            int end = e + 1;
            while (end < to && getInt(columns + 4L * end) == column) {
                end++;
            }
            add(new Row(order.rows() + 4L * e, order.values() + 4L * e, end - e), y + 4L * width * column);
            e = end;
        }
    }

    /** Adds to one row of y; the columns of its elements are rows of x. */
    private void add(Row row, long to) {
        for (int i = 0; i < width; i += RowProducts.WIDE * LANES) {
            int rest = width - i;
            if (rest > 2 * LANES) {
                wide(row, x + 4L * i, 4L * width, to + 4L * i, 4L * (rest - LANES));
            } else if (rest >= LANES) {
                pair(row, x + 4L * i, 4L * width, to + 4L * i, 4L * (rest - LANES));
            } else {
                narrow(row, x + 4L * i, 4L * width, to + 4L * i, first(rest));
            }
        }
    }

    private static void wide(Row row, long x, long stride, long y, long last) {
        long second = Math.min(VECTOR, last);
        long third = Math.min(2 * VECTOR, last);
        long fourth = Math.min(3 * VECTOR, last);
        FloatVector s0 = load(y);
        FloatVector s1 = load(y + second);
        FloatVector s2 = load(y + third);
        FloatVector s3 = load(y + fourth);
        for (int e = 0; e < row.count(); e++) {
            FloatVector value = FloatVector.broadcast(SPECIES, get(row.values() + 4L * e));
            long from = x + stride * getInt(row.columns() + 4L * e);
            s0 = s0.add(value.mul(load(from)));
            s1 = s1.add(value.mul(load(from + second)));
            s2 = s2.add(value.mul(load(from + third)));
            s3 = s3.add(value.mul(load(from + fourth)));
        }
        store(s0, y);
        store(s1, y + second);
        store(s2, y + third);
        store(s3, y + fourth);
    }

    private static void pair(Row row, long x, long stride, long y, long last) {
        FloatVector s0 = load(y);
        FloatVector s1 = load(y + last);
        for (int e = 0; e < row.count(); e++) {
            FloatVector value = FloatVector.broadcast(SPECIES, get(row.values() + 4L * e));
            long from = x + stride * getInt(row.columns() + 4L * e);
            s0 = s0.add(value.mul(load(from)));
            s1 = s1.add(value.mul(load(from + last)));
        }
        store(s0, y);
        store(s1, y + last);
    }

    private static void narrow(Row row, long x, long stride, long y, VectorMask<Float> lanes) {
        FloatVector sum = load(y, lanes);
        for (int e = 0; e < row.count(); e++) {
            FloatVector value = FloatVector.broadcast(SPECIES, get(row.values() + 4L * e));
            sum = sum.add(value.mul(load(x + stride * getInt(row.columns() + 4L * e), lanes)));
        }
        store(sum, y, lanes);
    }
}
