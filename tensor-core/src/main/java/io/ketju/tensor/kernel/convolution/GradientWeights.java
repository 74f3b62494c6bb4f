package io.ketju.tensor.kernel.convolution;

import static java.util.Objects.requireNonNull;

import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.Ranges.RangeTask;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorWidth;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import org.jspecify.annotations.Nullable;

/**
 * Weights as the input gradient multiplies them: per grid a row [oc of the group, taps of the grid] per input channel. A
 * thread has one for all its convolutions.
 */
final class GradientWeights implements RangeTask {
    private static final long BYTES = Float.BYTES;
    /** Windows that are worth a task. */
    private static final int WINDOWS = 4096;

    private @Nullable Conv2dShape shape;
    private long weights;
    private TapGrid[] grids = {};
    private long[] rows = {};

    /** Addresses of the grids' weights in scratch memory, in an array that the next call overwrites. */
    long[] make(TileRunner tiles, Conv2dShape shape, long weights, TapGrid[] grids) {
        this.shape = shape;
        this.weights = weights;
        this.grids = grids;
        if (rows.length < grids.length) {
            rows = new long[grids.length];
        }
        Scratch scratch = tiles.scratch();
        int outputs = shape.groupOutChannels();
        for (int i = 0; i < grids.length; i++) {
            rows[i] = scratch.address(
                    (long) shape.inChannels() * outputs * grids[i].window.length * BYTES + VectorMemory.VECTOR);
        }
        tiles.parallel(shape.inChannels(), Math.max(1, WINDOWS / outputs), this);
        return rows;
    }

    /** Some input channels. */
    @Override
    public void run(int from, int to) {
        Conv2dShape of = requireNonNull(shape);
        for (int i = 0; i < grids.length; i++) {
            int[] window = grids[i].window;
            long bytes = (long) of.groupOutChannels() * window.length * BYTES;
            for (int channel = from; channel < to; channel++) {
                row(of, channel, window, rows[i] + channel * bytes);
            }
        }
    }

    private void row(Conv2dShape shape, int channel, int[] kept, long to) {
        int inputs = shape.groupInChannels();
        int outputs = shape.groupOutChannels();
        long window = shape.window().size() * BYTES;
        long first = (long) (channel / inputs) * outputs * inputs + channel % inputs;
        long from = weights + first * window;
        if (kept.length == 0) {
            return;
        }
        if (kept.length == 1) {
            one(from + kept[0] * BYTES, inputs * window, outputs, to);
        } else if (kept.length == shape.window().size() && kept.length <= VectorWidth.LANES) {
            all(from, inputs * window, kept.length, outputs, to);
        } else {
            some(from, inputs * window, kept, outputs, to);
        }
    }

    private static void one(long from, long stride, int count, long to) {
        for (int i = 0; i < count; i++) {
            VectorMemory.set(to + i * BYTES, VectorMemory.get(from + i * stride));
        }
    }

    private static void all(long from, long stride, int taps, int count, long to) {
        VectorMask<Float> mask = VectorMemory.first(taps);
        for (int i = 0; i < count; i++) {
            FloatVector window = VectorMemory.load(from + i * stride, mask);
            VectorMemory.store(window, to + (long) i * taps * BYTES, mask);
        }
    }

    private static void some(long from, long stride, int[] kept, int count, long to) {
        for (int i = 0; i < count; i++) {
            long window = from + i * stride;
            long row = to + (long) i * kept.length * BYTES;
            for (int tap = 0; tap < kept.length; tap++) {
                VectorMemory.set(row + tap * BYTES, VectorMemory.get(window + kept[tap] * BYTES));
            }
        }
    }
}
