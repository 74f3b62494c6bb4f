package io.ketju.tensor.kernel.pooling;

import static io.ketju.tensor.simd.VectorMemory.first;
import static io.ketju.tensor.simd.VectorMemory.getInt;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.VectorMemory;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** Averages of rows of windows and their gradients. x and y are addresses of the planes or of their gradients. */
record AverageRows(PoolShape shape, PoolWindow window, long x, long y) {
    void forward(Scratch scratch, int fromPlane, int toPlane) {
        PhaseImage image = new PhaseImage(scratch, shape, window).fill(0);
        long divisors = divisors(scratch);
        for (int plane = fromPlane; plane < toPlane; plane++) {
            image.read(x + 4L * plane * shape.plane());
            for (int oh = 0; oh < shape.outHeight(); oh++) {
                Taps taps = Taps.of(image, window, shape, oh);
                float divisor = shape.rows().divisor(oh);
                long to = y + 4L * ((long) plane * shape.outPlane() + (long) oh * shape.outWidth());
                for (int ow = 0; ow < shape.outWidth(); ow += LANES) {
                    FloatVector sum = sum(taps.from(), taps.end(), taps.image() + 4L * ow);
                    store(sum.div(load(divisors + 4L * ow).mul(divisor)), to + 4L * ow, first(shape.outWidth() - ow));
                }
            }
        }
    }

    void backward(Scratch scratch, int fromPlane, int toPlane) {
        PhaseImage image = new PhaseImage(scratch, shape, window);
        long divisors = divisors(scratch);
        long shares = scratch.allocate(4L * windows()).address();
        for (int plane = fromPlane; plane < toPlane; plane++) {
            image.fill(0);
            for (int oh = 0; oh < shape.outHeight(); oh++) {
                long from = y + 4L * ((long) plane * shape.outPlane() + (long) oh * shape.outWidth());
                share(from, divisors, shape.rows().divisor(oh), shares, shape.outWidth());
                Taps taps = Taps.of(image, window, shape, oh);
                // Later windows see a column by earlier taps: descending taps are windows in order.
                for (long tap = taps.end() - 4; tap >= taps.from(); tap -= 4) {
                    add(shares, taps.image() + getInt(tap), windows());
                }
            }
            image.write(x + 4L * plane * shape.plane());
        }
    }

    private static FloatVector sum(long fromTap, long endTap, long image) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (long tap = fromTap; tap < endTap; tap += 4) {
            sum = sum.add(load(image + getInt(tap)));
        }
        return sum;
    }

    /** {@code shares = dy / (divisors · divisor)}, zeros behind the last window. */
    private static void share(long dy, long divisors, float divisor, long shares, int count) {
        for (int i = 0; i < count; i += LANES) {
            VectorMask<Float> windows = first(count - i);
            FloatVector share =
                    load(dy + 4L * i, windows).div(load(divisors + 4L * i).mul(divisor));
            store(share, shares + 4L * i);
        }
    }

    /** {@code sums += x}; the sums began at +0 and so are never -0, and adding +0 changes nothing. */
    private static void add(long x, long sums, int count) {
        for (int i = 0; i < count; i += LANES) {
            store(load(sums + 4L * i).add(load(x + 4L * i)), sums + 4L * i);
        }
    }

    /** Windows of a row, in whole vectors. */
    private int windows() {
        return Math.ceilDiv(shape.outWidth(), LANES) * LANES;
    }

    /** The divisors of the columns, ones behind the last. */
    private long divisors(Scratch scratch) {
        long divisors = scratch.allocate(4L * windows()).address();
        for (int ow = 0; ow < windows(); ow++) {
            VectorMemory.set(
                    divisors + 4L * ow, ow < shape.outWidth() ? shape.columns().divisor(ow) : 1);
        }
        return divisors;
    }
}
