package io.ketju.tensor.kernel.sparse;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.get;
import static io.ketju.tensor.simd.VectorMemory.getInt;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.simd.Ranges;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorRows;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Sparse products on vectors of columns, whole rows per tile. */
public final class VectorSparse implements SparseKernels {
    /** Vectors of one row that stay in registers while the elements of the row go by. */
    private static final int WIDE = 4;

    /** Columns of a result whose rows are added to in no order of their own: each has one thread. */
    private static final int COLUMN_TILE = 64;

    private final TileRunner tiles;

    /** Where the elements of one row of A lie. */
    private record Row(long columns, long values, int count) {}

    public VectorSparse(TileRunner tiles) {
        this.tiles = tiles;
    }

    @Override
    public void multiply(CsrMatrix a, Tensor x, Tensor y) {
        multiply(a, x, y, false);
    }

    @Override
    public void multiplyAccumulate(CsrMatrix a, Tensor x, Tensor y) {
        multiply(a, x, y, true);
    }

    @Override
    public void transposedAccumulate(CsrMatrix a, Tensor x, Tensor y) {
        int width = a.width(y, x);
        long in = VectorMemory.address(x);
        long out = VectorMemory.address(y);
        long pointers = VectorMemory.address(a.rowPointers());
        long columns = VectorMemory.address(a.columnIndexes());
        long values = VectorMemory.address(a.values());
        int work = (int) Math.min((long) a.elements() * COLUMN_TILE, Ranges.TILE);
        Ranges.rows(tiles, Math.ceilDiv(width, COLUMN_TILE), work, (from, to) -> {
            int first = from * COLUMN_TILE;
            int count = Math.min(width, to * COLUMN_TILE) - first;
            for (int row = 0; row < a.rows(); row++) {
                int start = getInt(pointers + 4L * row);
                int listed = getInt(pointers + 4L * row + 4) - start;
                Row elements = new Row(columns + 4L * start, values + 4L * start, listed);
                scatter(elements, in + 4L * (row * width + first), out + 4L * first, 4L * width, count);
            }
        });
    }

    @Override
    public void backwardValues(CsrMatrix a, Tensor dy, Tensor x, Tensor dvalues) {
        int width = a.width(x, dy);
        SparseChecks.values(a, dvalues);
        long in = VectorMemory.address(x);
        long gradients = VectorMemory.address(dy);
        long pointers = VectorMemory.address(a.rowPointers());
        long columns = VectorMemory.address(a.columnIndexes());
        long out = VectorMemory.address(dvalues);
        Ranges.rows(tiles, a.rows(), workPerRow(a, width), (from, to) -> {
            for (int row = from; row < to; row++) {
                long dyRow = gradients + 4L * row * width;
                for (int e = getInt(pointers + 4L * row); e < getInt(pointers + 4L * row + 4); e++) {
                    long xRow = in + 4L * width * getInt(columns + 4L * e);
                    VectorMemory.set(out + 4L * e, VectorRows.dot(dyRow, xRow, width));
                }
            }
        });
    }

    @Override
    public void maxima(CsrMatrix a, Tensor x, Tensor y, Tensor winners) {
        SparseChecks.winners(y, winners);
        int width = a.width(x, y);
        Ranges.rows(tiles, a.rows(), workPerRow(a, width), (from, to) -> RowMaxima.run(a, x, y, winners, from, to));
    }

    @Override
    public void maximaBackward(Tensor dy, Tensor winners, Tensor dx) {
        SparseChecks.winners(dy, winners);
        int columns = RowMaxima.columns(dy);
        int work = columns == 0 ? 0 : (dy.elements() + dx.elements()) / columns;
        Ranges.rows(
                tiles,
                columns,
                Math.min(work, Ranges.TILE),
                (from, to) -> RowMaxima.backward(dy, winners, dx, from, to));
    }

    private void multiply(CsrMatrix a, Tensor x, Tensor y, boolean accumulate) {
        int width = a.width(x, y);
        long in = VectorMemory.address(x);
        long out = VectorMemory.address(y);
        long pointers = VectorMemory.address(a.rowPointers());
        long columns = VectorMemory.address(a.columnIndexes());
        long values = VectorMemory.address(a.values());
        Ranges.rows(tiles, a.rows(), workPerRow(a, width), (from, to) -> {
            for (int row = from; row < to; row++) {
                int start = getInt(pointers + 4L * row);
                int count = getInt(pointers + 4L * row + 4) - start;
                product(
                        new Row(columns + 4L * start, values + 4L * start, count),
                        in,
                        out + 4L * row * width,
                        width,
                        accumulate);
            }
        });
    }

    private static int workPerRow(CsrMatrix a, int width) {
        long work = (long) width * Math.max(1, a.elements() / Math.max(1, a.rows()));
        return (int) Math.min(work, Ranges.TILE);
    }

    private static void product(Row row, long x, long y, int width, boolean accumulate) {
        int i = 0;
        for (; i <= width - WIDE * LANES; i += WIDE * LANES) {
            wide(row, x + 4L * i, 4L * width, y + 4L * i, accumulate);
        }
        for (; i < width; i += LANES) {
            narrow(row, x + 4L * i, 4L * width, y + 4L * i, first(width - i), accumulate);
        }
    }

    /** Adds products with one row of x, of so many columns, to the rows of y that are listed. */
    private static void scatter(Row row, long x, long y, long stride, int count) {
        int i = 0;
        for (; i <= count - WIDE * LANES; i += WIDE * LANES) {
            scatterWide(row, x + 4L * i, y + 4L * i, stride);
        }
        for (; i <= count - LANES; i += LANES) {
            scatterOne(row, x + 4L * i, y + 4L * i, stride);
        }
        if (i < count) {
            scatterRest(row, x + 4L * i, y + 4L * i, stride, first(count - i));
        }
    }

    private static void scatterWide(Row row, long x, long y, long stride) {
        FloatVector x0 = load(x);
        FloatVector x1 = load(x + VECTOR);
        FloatVector x2 = load(x + 2 * VECTOR);
        FloatVector x3 = load(x + 3 * VECTOR);
        for (int e = 0; e < row.count(); e++) {
            FloatVector value = FloatVector.broadcast(SPECIES, get(row.values() + 4L * e));
            long to = y + stride * getInt(row.columns() + 4L * e);
            store(load(to).add(value.mul(x0)), to);
            store(load(to + VECTOR).add(value.mul(x1)), to + VECTOR);
            store(load(to + 2 * VECTOR).add(value.mul(x2)), to + 2 * VECTOR);
            store(load(to + 3 * VECTOR).add(value.mul(x3)), to + 3 * VECTOR);
        }
    }

    private static void scatterOne(Row row, long x, long y, long stride) {
        FloatVector values = load(x);
        for (int e = 0; e < row.count(); e++) {
            FloatVector value = FloatVector.broadcast(SPECIES, get(row.values() + 4L * e));
            long to = y + stride * getInt(row.columns() + 4L * e);
            store(load(to).add(value.mul(values)), to);
        }
    }

    private static void scatterRest(Row row, long x, long y, long stride, VectorMask<Float> lanes) {
        FloatVector values = load(x, lanes);
        for (int e = 0; e < row.count(); e++) {
            FloatVector value = FloatVector.broadcast(SPECIES, get(row.values() + 4L * e));
            long to = y + stride * getInt(row.columns() + 4L * e);
            store(load(to, lanes).add(value.mul(values)), to, lanes);
        }
    }

    private static void wide(Row row, long x, long stride, long y, boolean accumulate) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = s0;
        FloatVector s2 = s0;
        FloatVector s3 = s0;
        for (int e = 0; e < row.count(); e++) {
            FloatVector value = FloatVector.broadcast(SPECIES, get(row.values() + 4L * e));
            long from = x + stride * getInt(row.columns() + 4L * e);
            s0 = value.fma(load(from), s0);
            s1 = value.fma(load(from + VECTOR), s1);
            s2 = value.fma(load(from + 2 * VECTOR), s2);
            s3 = value.fma(load(from + 3 * VECTOR), s3);
        }
        if (accumulate) {
            s0 = load(y).add(s0);
            s1 = load(y + VECTOR).add(s1);
            s2 = load(y + 2 * VECTOR).add(s2);
            s3 = load(y + 3 * VECTOR).add(s3);
        }
        store(s0, y);
        store(s1, y + VECTOR);
        store(s2, y + 2 * VECTOR);
        store(s3, y + 3 * VECTOR);
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
