package io.ketju.tensor.kernel.pooling;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.INT_SPECIES;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.MatrixTransposition;
import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorTranspose;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/**
 * Bins of unequal sizes, as many planes at a time as a vector has lanes: a transposition brings equal positions of all
 * these planes side by side. x and y are addresses of the planes or of their gradients.
 */
record AdaptivePlanes(PoolShape shape, long x, long y) {
    /** Planes of a tile are a multiple of this, which is one of every vector's length. */
    static final int GROUP = 16;

    void average(Scratch scratch, int fromPlane, int toPlane) {
        long buffer = address(scratch, VectorTranspose.BUFFER_BYTES);
        long band = cleared(scratch, VECTOR * bandRows() * shape.width());
        long result = cleared(scratch, VECTOR * shape.outPlane());
        for (int plane = fromPlane; plane < toPlane; plane += LANES) {
            int count = Math.min(LANES, toPlane - plane);
            for (int oh = 0; oh < shape.outHeight(); oh++) {
                int rows = readBand(plane, count, oh, band, buffer);
                for (int ow = 0; ow < shape.outWidth(); ow++) {
                    int begin = shape.columns().begin(ow);
                    int columns = shape.columns().end(ow) - begin;
                    FloatVector sum = sum(band + begin * VECTOR, rows, columns, shape.width() * VECTOR);
                    store(sum.div((float) rows * columns), result + VECTOR * (oh * shape.outWidth() + ow));
                }
            }
            write(plane, count, result, y, buffer);
        }
    }

    void averageBackward(Scratch scratch, int fromPlane, int toPlane) {
        long buffer = address(scratch, VectorTranspose.BUFFER_BYTES);
        long gradients = cleared(scratch, VECTOR * shape.outPlane());
        long planes = address(scratch, VECTOR * shape.plane());
        for (int plane = fromPlane; plane < toPlane; plane += LANES) {
            int count = Math.min(LANES, toPlane - plane);
            new MatrixTransposition(count, shape.outPlane(), 4L * shape.outPlane(), VECTOR)
                    .run(y + 4L * plane * shape.outPlane(), gradients, buffer);
            VectorMemory.clear(planes, VECTOR * shape.plane());
            for (int oh = 0; oh < shape.outHeight(); oh++) {
                spread(oh, gradients + VECTOR * oh * shape.outWidth(), planes);
            }
            new MatrixTransposition(shape.plane(), count, VECTOR, 4L * shape.plane())
                    .run(planes, x + 4L * plane * shape.plane(), buffer);
        }
    }

    /** Writes the maxima, and their positions to {@code argmax}. */
    void maximum(Scratch scratch, int fromPlane, int toPlane, long argmax) {
        long buffer = address(scratch, VectorTranspose.BUFFER_BYTES);
        long band = cleared(scratch, VECTOR * bandRows() * shape.width());
        long best = cleared(scratch, VECTOR * shape.outPlane());
        long positions = cleared(scratch, VECTOR * shape.outPlane());
        for (int plane = fromPlane; plane < toPlane; plane += LANES) {
            int count = Math.min(LANES, toPlane - plane);
            for (int oh = 0; oh < shape.outHeight(); oh++) {
                int rows = readBand(plane, count, oh, band, buffer);
                maxima(oh, rows, band, best - positions, positions + VECTOR * oh * shape.outWidth());
            }
            write(plane, count, best, y, buffer);
            write(plane, count, positions, argmax, buffer);
        }
    }

    /** Transposes the rows of some planes that a row of bins takes, and returns how many these are. */
    private int readBand(int plane, int count, int oh, long band, long buffer) {
        int begin = shape.rows().begin(oh);
        int rows = shape.rows().end(oh) - begin;
        new MatrixTransposition(count, rows * shape.width(), 4L * shape.plane(), VECTOR)
                .run(x + 4L * ((long) plane * shape.plane() + (long) begin * shape.width()), band, buffer);
        return rows;
    }

    private void write(int plane, int count, long result, long to, long buffer) {
        new MatrixTransposition(shape.outPlane(), count, VECTOR, 4L * shape.outPlane())
                .run(result, to + 4L * plane * shape.outPlane(), buffer);
    }

    /** A row of bins; {@code toBest} leads from the address of a bin's position to that of its maximum. */
    private void maxima(int oh, int rows, long band, long toBest, long positions) {
        for (int ow = 0; ow < shape.outWidth(); ow++) {
            int begin = shape.columns().begin(ow);
            int columns = shape.columns().end(ow) - begin;
            int first = shape.rows().begin(oh) * shape.width() + begin;
            long to = positions + VECTOR * ow;
            FloatVector best = load(band + begin * VECTOR);
            IntVector at = IntVector.broadcast(INT_SPECIES, first);
            for (int row = 0; row < rows; row++) {
                for (int column = 0; column < columns; column++) {
                    FloatVector value = load(band + VECTOR * (row * shape.width() + begin + column));
                    VectorMask<Float> wins = MaximumRows.wins(value, best);
                    best = best.blend(value, wins);
                    at = at.blend(first + row * shape.width() + column, wins.cast(INT_SPECIES));
                }
            }
            store(best, to + toBest);
            store(at, to);
        }
    }

    private void spread(int oh, long gradients, long planes) {
        int begin = shape.rows().begin(oh);
        int rows = shape.rows().end(oh) - begin;
        long from = planes + VECTOR * begin * shape.width();
        for (int ow = 0; ow < shape.outWidth(); ow++) {
            int left = shape.columns().begin(ow);
            int columns = shape.columns().end(ow) - left;
            FloatVector share = load(gradients + VECTOR * ow).div((float) rows * columns);
            add(share, from + VECTOR * left, rows, columns, VECTOR * shape.width());
        }
    }

    private static FloatVector sum(long from, int rows, int columns, long stride) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int row = 0; row < rows; row++) {
            for (long at = from + row * stride, end = at + columns * VECTOR; at < end; at += VECTOR) {
                sum = sum.add(load(at));
            }
        }
        return sum;
    }

    private static void add(FloatVector share, long to, int rows, int columns, long stride) {
        for (int row = 0; row < rows; row++) {
            for (long at = to + row * stride, end = at + columns * VECTOR; at < end; at += VECTOR) {
                store(load(at).add(share), at);
            }
        }
    }

    /** The most rows that a row of bins takes. */
    private int bandRows() {
        int most = 0;
        for (int oh = 0; oh < shape.outHeight(); oh++) {
            most = Math.max(most, shape.rows().end(oh) - shape.rows().begin(oh));
        }
        return most;
    }

    private static long address(Scratch scratch, long bytes) {
        return VectorMemory.address(scratch.allocate(bytes));
    }

    /** Lanes without a plane stay zero: what happened to lie there might be slow to add. */
    private static long cleared(Scratch scratch, long bytes) {
        long address = address(scratch, bytes);
        VectorMemory.clear(address, bytes);
        return address;
    }
}
