package io.ketju.tensor.kernel.activation;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.get;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.set;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;
import static jdk.incubator.vector.VectorOperators.GT;

import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.Elements;
import io.ketju.tensor.simd.LaneSum;
import io.ketju.tensor.simd.Ranges;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorSum;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;

/** PReLU, channel by channel of each sample. */
final class PReluRows {
    /** The loop of one row. */
    private static final class Slope implements Elements.Loop {
        private float weight;

        @Override
        public void run(long x, long v, long y, long bytes) {
            FloatVector w = FloatVector.broadcast(SPECIES, weight);
            FloatVector zero = FloatVector.zero(SPECIES);
            for (long i = 0; i < bytes; i += VECTOR) {
                FloatVector value = load(v + i);
                store(value.mul(w).blend(value, load(x + i).compare(GT, zero)), y + i);
            }
        }
    }

    private final TileRunner tiles;

    PReluRows(TileRunner tiles) {
        this.tiles = tiles;
    }

    /** {@code y = x > 0 ? v : w · v}, v being x in forward and dy in backward. */
    void run(PReluShape shape, long w, long x, long v, long y) {
        Ranges.rows(tiles, shape.rows(), shape.inner(), (from, to) -> {
            Scratch scratch = tiles.scratch();
            long mark = scratch.mark();
            long spare = VectorMemory.address(scratch.allocate(Elements.SPARE_BYTES));
            Slope slope = new Slope();
            for (int row = from; row < to; row++) {
                long at = 4L * row * shape.inner();
                slope.weight = get(w + row % shape.channels() * 4L);
                Elements.run(slope, x + at, v + at, y + at, shape.inner(), spare);
            }
            scratch.release(mark);
        });
    }

    /** The sums of rows side by side, then those of each channel in the order of samples. */
    void weightGradient(PReluShape shape, long x, long dy, long dw) {
        Scratch scratch = tiles.scratch();
        long mark = scratch.mark();
        long sums = VectorMemory.address(scratch.allocate(4L * shape.rows()));
        Ranges.rows(tiles, shape.rows(), shape.inner(), (from, to) -> {
            for (int row = from; row < to; row++) {
                long at = 4L * row * shape.inner();
                set(sums + row * 4L, sum(x + at, dy + at, shape.inner()));
            }
        });
        for (int row = 0; row < shape.rows(); row++) {
            long weight = dw + row % shape.channels() * 4L;
            set(weight, get(weight) + get(sums + row * 4L));
        }
        scratch.release(mark);
    }

    private static float sum(long x, long dy, int n) {
        FloatVector s0 = FloatVector.zero(SPECIES);
        FloatVector s1 = FloatVector.zero(SPECIES);
        FloatVector s2 = FloatVector.zero(SPECIES);
        FloatVector s3 = FloatVector.zero(SPECIES);
        int i = 0;
        for (; i + LaneSum.LANES <= n; i += LaneSum.LANES) {
            long at = i * 4L;
            s0 = s0.add(term(x + at, dy + at));
            if (VectorSum.REGISTERS > 1) {
                s1 = s1.add(term(x + at + VECTOR, dy + at + VECTOR));
            }
            if (VectorSum.REGISTERS > 2) {
                s2 = s2.add(term(x + at + 2 * VECTOR, dy + at + 2 * VECTOR));
                s3 = s3.add(term(x + at + 3 * VECTOR, dy + at + 3 * VECTOR));
            }
        }
        s0 = s0.add(rest(x, dy, i, n), VectorMemory.first(n - i));
        if (VectorSum.REGISTERS > 1) {
            s1 = s1.add(rest(x, dy, i + LANES, n), VectorMemory.first(n - i - LANES));
        }
        if (VectorSum.REGISTERS > 2) {
            s2 = s2.add(rest(x, dy, i + 2 * LANES, n), VectorMemory.first(n - i - 2 * LANES));
            s3 = s3.add(rest(x, dy, i + 3 * LANES, n), VectorMemory.first(n - i - 3 * LANES));
        }
        return VectorSum.fold(s0, s1, s2, s3);
    }

    private static FloatVector term(long x, long dy) {
        FloatVector value = load(x);
        FloatVector zero = FloatVector.zero(SPECIES);
        return value.mul(load(dy)).blend(zero, value.compare(GT, zero));
    }

    private static FloatVector rest(long x, long dy, int i, int n) {
        VectorMask<Float> mask = VectorMemory.first(n - i);
        FloatVector value = load(x + i * 4L, mask);
        FloatVector zero = FloatVector.zero(SPECIES);
        return value.mul(load(dy + i * 4L, mask)).blend(zero, value.compare(GT, zero));
    }
}
