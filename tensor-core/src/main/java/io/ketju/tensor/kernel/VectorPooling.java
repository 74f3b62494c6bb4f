package io.ketju.tensor.kernel;

import static io.ketju.tensor.kernel.Tile.FLOAT;
import static io.ketju.tensor.kernel.Tile.ORDER;
import static io.ketju.tensor.kernel.VectorWidth.INT_SPECIES;
import static io.ketju.tensor.kernel.VectorWidth.LANES;
import static io.ketju.tensor.kernel.VectorWidth.SPECIES;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/** Max pooling, planes side by side; windows of 2 x 2 without overlap or padding have a loop of their own. */
final class VectorPooling implements PoolingKernels {
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
    private static final Conv2dShape.Window HALVING = Conv2dShape.Window.square(2, 2, 0);
    private static final long BYTES = Float.BYTES;
    private static final long PAIR = 2 * BYTES;

    private static final VectorShuffle<Float> EVEN = VectorShuffle.fromOp(SPECIES, i -> 2 * i);
    private static final VectorShuffle<Float> ODD = VectorShuffle.fromOp(SPECIES, i -> 2 * i + 1);
    /** 0, 2, 4, ... */
    private static final IntVector PAIRS = IntVector.zero(INT_SPECIES).addIndex(2);

    private final TileRunner tiles;
    private final PoolingKernels general = new ScalarPooling();

    VectorPooling(TileRunner tiles) {
        this.tiles = tiles;
    }

    @Override
    public void maxPool2dForward(Conv2dShape.Window window, Tensor x, Tensor y, Tensor argmax) {
        Shape in = x.shape();
        Ranges.rows(tiles, in.dimension(0), in.sample().elements(), (from, to) -> {
            Tensor samples = x.samples(from, to - from);
            Tensor maxima = y.samples(from, to - from);
            Tensor positions = argmax.samples(from, to - from);
            if (window.equals(HALVING)) {
                halve(samples, maxima, positions);
            } else {
                general.maxPool2dForward(window, samples, maxima, positions);
            }
        });
    }

    @Override
    public void maxPool2dBackward(Tensor dy, Tensor argmax, Tensor dx) {
        Shape in = dx.shape();
        Ranges.rows(tiles, in.dimension(0), in.sample().elements(), (from, to) -> {
            int samples = to - from;
            scatter(dy.samples(from, samples), argmax.samples(from, samples), dx.samples(from, samples));
        });
    }

    private static void halve(Tensor x, Tensor y, Tensor argmax) {
        int height = x.shape().dimension(2);
        int width = x.shape().dimension(3);
        int outHeight = y.shape().dimension(2);
        int outWidth = y.shape().dimension(3);
        int planes = x.shape().dimension(0) * x.shape().dimension(1);
        for (int plane = 0; plane < planes; plane++) {
            long source = (long) plane * height * width;
            long target = (long) plane * outHeight * outWidth;
            for (int row = 0; row < outHeight; row++) {
                Line line = new Line(source * BYTES, 2 * row * width, width, (target + (long) row * outWidth) * BYTES);
                halve(x.segment(), y.segment(), argmax.segment(), line, outWidth);
            }
        }
    }

    /** A row of outputs: its plane in x, the first position in it, the length of its rows, and where the results go. */
    private record Line(long plane, int first, int width, long target) {}

    private static void halve(MemorySegment x, MemorySegment y, MemorySegment argmax, Line line, int outWidth) {
        long upper = line.plane + line.first * BYTES;
        long lower = upper + line.width * BYTES;
        int i = 0;
        for (; i <= outWidth - LANES; i += LANES) {
            FloatVector best = pick(EVEN, x, upper + i * PAIR);
            IntVector at = PAIRS.add(line.first + 2 * i);
            FloatVector b = pick(ODD, x, upper + i * PAIR);
            VectorMask<Float> wins = wins(b, best);
            best = best.blend(b, wins);
            at = at.blend(PAIRS.add(line.first + 2 * i + 1), wins.cast(INT_SPECIES));
            FloatVector c = pick(EVEN, x, lower + i * PAIR);
            wins = wins(c, best);
            best = best.blend(c, wins);
            at = at.blend(PAIRS.add(line.first + 2 * i + line.width), wins.cast(INT_SPECIES));
            FloatVector d = pick(ODD, x, lower + i * PAIR);
            wins = wins(d, best);
            best.blend(d, wins).intoMemorySegment(y, line.target + i * BYTES, ORDER);
            at = at.blend(PAIRS.add(line.first + 2 * i + line.width + 1), wins.cast(INT_SPECIES));
            at.intoMemorySegment(argmax, line.target + i * BYTES, ORDER);
        }
        for (; i < outWidth; i++) {
            long best = key(x, upper + i * PAIR, 3);
            best = Math.max(best, key(x, upper + i * PAIR + BYTES, 2));
            best = Math.max(best, key(x, lower + i * PAIR, 1));
            best = Math.max(best, key(x, lower + i * PAIR + BYTES, 0));
            int place = 3 - (int) (best & 3);
            int at = line.first + 2 * i + (place >> 1) * line.width + (place & 1);
            argmax.set(INT, line.target + i * BYTES, at);
            y.set(FLOAT, line.target + i * BYTES, x.get(FLOAT, line.plane + at * BYTES));
        }
    }

    /** Every second element of two registers. */
    private static FloatVector pick(VectorShuffle<Float> which, MemorySegment x, long at) {
        FloatVector first = FloatVector.fromMemorySegment(SPECIES, x, at, ORDER);
        return first.rearrange(which, FloatVector.fromMemorySegment(SPECIES, x, at + LANES * BYTES, ORDER));
    }

    /** Not (value <= best): true for a NaN too, which wins over everything but an earlier NaN. */
    private static VectorMask<Float> wins(FloatVector value, FloatVector best) {
        return value.compare(VectorOperators.LE, best).not().and(best.compare(VectorOperators.EQ, best));
    }

    /** A number that orders floats as pooling does, without branches: by value, NaN on top, then by priority. */
    private static long key(MemorySegment x, long at, int priority) {
        // Adding zero makes -0 and +0 the same.
        int bits = Float.floatToIntBits(x.get(FLOAT, at) + 0.0f);
        return (long) (bits ^ (bits >> 31 & Integer.MAX_VALUE)) << 2 | priority;
    }

    private static void scatter(Tensor dy, Tensor argmax, Tensor dx) {
        Shape out = dy.shape();
        int planes = out.dimension(0) * out.dimension(1);
        int windows = out.dimension(2) * out.dimension(3);
        long plane = (long) dx.shape().dimension(2) * dx.shape().dimension(3) * BYTES;
        dx.clear();
        for (int i = 0; i < planes; i++) {
            MemorySegment target = dx.segment().asSlice(i * plane, plane);
            long from = (long) i * windows * BYTES;
            for (int p = 0; p < windows; p++) {
                long at = argmax.segment().get(INT, from + p * BYTES) * BYTES;
                target.set(FLOAT, at, target.get(FLOAT, at) + dy.segment().get(FLOAT, from + p * BYTES));
            }
        }
    }
}
