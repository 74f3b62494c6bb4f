package io.ketju.tensor.kernel.pooling;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.getInt;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.loadInts;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.INT_SPECIES;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.Ranges;
import io.ketju.tensor.simd.Ranges.RangeTask;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.VectorMemory;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Maxima and their positions of rows of windows, a vector of windows at a time: one call after the other of a thread. */
final class MaximumRows implements RangeTask {
    private static final IntVector COLUMNS = IntVector.zero(INT_SPECIES).addIndex(1);
    private static final PoolWindow HALVING = PoolWindow.square(2, 2, 0);
    private static final PoolWindow HALVING_UP = new PoolWindow(
            PoolAxis.of(2, 2, 0).withCeilMode(), PoolAxis.of(2, 2, 0).withCeilMode());

    private final TileRunner tiles;
    private PoolWindow window = HALVING;
    private PoolShape shape = PoolShape.NONE;
    private boolean halving;
    // Addresses.
    private long x;
    private long y;
    private long argmax;

    MaximumRows(TileRunner tiles) {
        this.tiles = tiles;
    }

    /** Overwrites y and argmax; operands by address. */
    void run(PoolShape shape, PoolWindow window, long x, long y, long argmax) {
        this.shape = shape;
        this.window = window;
        this.x = x;
        this.y = y;
        this.argmax = argmax;
        halving = window.equals(HALVING)
                || (window.equals(HALVING_UP) && shape.height() % 2 == 0 && shape.width() % 2 == 0);
        Ranges.rows(tiles, shape.planes(), shape.plane(), this);
    }

    /** Some planes. */
    @Override
    public void run(int from, int to) {
        if (halving) {
            halve(from, to);
        } else {
            Scratch scratch = tiles.scratch();
            long mark = scratch.mark();
            slide(scratch, from, to);
            scratch.release(mark);
        }
    }

    /** Windows of 2 x 2 side by side: columns of a vector of windows, top down. */
    private void halve(int fromPlane, int toPlane) {
        for (int plane = fromPlane; plane < toPlane; plane++) {
            for (int column = 0; column < shape.outWidth(); column += LANES) {
                halveColumns(plane, column);
            }
        }
    }

    private void halveColumns(int plane, int column) {
        int width = shape.width();
        long from = x + 4L * ((long) plane * shape.plane() + 2L * column);
        long to = 4L * ((long) plane * shape.outPlane() + column);
        long toBytes = 4L * shape.outWidth();
        int count = shape.outWidth() - column;
        VectorMask<Float> low = first(2 * count);
        VectorMask<Float> high = first(Math.max(0, 2 * count - LANES));
        VectorMask<Float> windows = first(count);
        IntVector columns = COLUMNS.add(COLUMNS).add(2 * column);
        for (int oh = 0, rows = shape.outHeight(); oh < rows; oh++) {
            FloatVector a = load(from, low);
            FloatVector b = load(from + VECTOR, high);
            FloatVector best = PhaseImage.even(a, b);
            FloatVector value = PhaseImage.odd(a, b);
            VectorMask<Float> wins = wins(value, best);
            best = best.blend(value, wins);
            IntVector at = columns.add(2 * oh * width);
            at = at.blend(at.add(1), wins.cast(INT_SPECIES));
            from += 4L * width;
            a = load(from, low);
            b = load(from + VECTOR, high);
            IntVector below = columns.add((2 * oh + 1) * width);
            value = PhaseImage.even(a, b);
            wins = wins(value, best);
            best = best.blend(value, wins);
            at = at.blend(below, wins.cast(INT_SPECIES));
            value = PhaseImage.odd(a, b);
            wins = wins(value, best);
            store(best.blend(value, wins), y + to, windows);
            store(at.blend(below.add(1), wins.cast(INT_SPECIES)), argmax + to, windows.cast(INT_SPECIES));
            from += 4L * width;
            to += toBytes;
        }
    }

    /** Any windows. */
    private void slide(Scratch scratch, int fromPlane, int toPlane) {
        PhaseImage image = new PhaseImage(scratch, shape, window).fill(Float.NEGATIVE_INFINITY);
        long begins = begins(scratch);
        long positions = positions(scratch);
        for (int plane = fromPlane; plane < toPlane; plane++) {
            image.read(x + 4L * plane * shape.plane());
            for (int oh = 0; oh < shape.outHeight(); oh++) {
                Taps taps = Taps.of(image, window, shape, oh);
                long to = 4L * ((long) plane * shape.outPlane() + (long) oh * shape.outWidth());
                row(taps, oh, begins, positions - image.taps(), to);
            }
        }
    }

    /** One row of windows; {@code positions} leads from the address of a tap to that of its position. */
    private void row(Taps taps, int oh, long begins, long positions, long to) {
        int begin = shape.rows().begin(oh) * shape.width();
        int start = window.rows().start(oh) * shape.width();
        IntVector columns = COLUMNS.mul(window.columns().stride()).add(start);
        for (int ow = 0; ow < shape.outWidth(); ow += LANES) {
            IntVector starts = columns.add(ow * window.columns().stride());
            FloatVector best = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
            IntVector at = loadInts(begins + 4L * ow).add(begin);
            long image = taps.image() + 4L * ow;
            for (long tap = taps.from(), end = taps.end(); tap < end; tap += 4) {
                FloatVector value = load(image + getInt(tap));
                VectorMask<Float> wins = wins(value, best);
                best = best.blend(value, wins);
                at = at.blend(starts.add(getInt(tap + positions)), wins.cast(INT_SPECIES));
            }
            VectorMask<Float> windows = first(shape.outWidth() - ow);
            store(best, y + to + 4L * ow, windows);
            store(at, argmax + to + 4L * ow, windows.cast(INT_SPECIES));
        }
    }

    /** INT32 table: the first column of each window that is not padding. */
    private long begins(Scratch scratch) {
        long begins = scratch.allocate(4L * Math.ceilDiv(shape.outWidth(), LANES) * LANES)
                .address();
        for (int ow = 0; ow < shape.outWidth(); ow++) {
            VectorMemory.setInt(begins + 4L * ow, shape.columns().begin(ow));
        }
        return begins;
    }

    /** INT32 table of the taps of a window, row by row: from the first position of its row and plane to the tap's. */
    private long positions(Scratch scratch) {
        int rows = window.rows().kernel();
        PoolAxis axis = window.columns();
        long positions = scratch.allocate(4L * rows * axis.kernel()).address();
        for (int kh = 0; kh < rows; kh++) {
            for (int kw = 0; kw < axis.kernel(); kw++) {
                int column = kw * axis.dilation() - axis.padding();
                VectorMemory.setInt(
                        positions + 4L * ((long) kh * axis.kernel() + kw),
                        kh * window.rows().dilation() * shape.width() + column);
            }
        }
        return positions;
    }

    /** Not {@code value <= best}: true for a NaN too, which wins over everything but an earlier NaN. */
    static VectorMask<Float> wins(FloatVector value, FloatVector best) {
        return best.compare(VectorOperators.EQ, best).andNot(value.compare(VectorOperators.LE, best));
    }
}
