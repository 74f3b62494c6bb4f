package io.ketju.tensor.kernel.convolution;

import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.VectorMemory;
import jdk.incubator.vector.FloatVector;

/**
 * Depthwise convolution and its input gradient: plane by plane, band by band, a few vectors of positions at a time, each
 * tap a fixed distance away in the {@link TapImage}. As everywhere, rows are computed as one with what stands between
 * them.
 */
final class DepthwisePlanes {
    private static final long BYTES = Float.BYTES;
    /** Elements that are worth a task. */
    private static final int TASK = 32 * 1024;
    /** Bytes of the groups that are worked on together, and the most of them. */
    private static final long SOME_BYTES = 16 << 10;

    private static final int MOST_GROUPS = 16;
    private static final long[] NONE = {};
    /** Bytes that {@link #sums} advances by. */
    private static final long STEP = 4 * VECTOR;

    private final Conv2dShape shape;
    private final ResultRows result;
    private final TapImage layout;
    private final PlaneEpilogue epilogue;
    /** Planes of results of a group: the multiplier, or one for gradients. */
    private final int results;

    private final int window;
    /** By grid, where the weight of each tap lies behind the first of a group, in bytes. */
    private final long[][] places;
    /** Groups that are laid out, summed and written together: what was just stored is slow to be loaded again. */
    private final int some;

    DepthwisePlanes(Conv2dShape shape, ResultRows result, PlaneEpilogue epilogue, boolean gradient) {
        this.shape = shape;
        this.result = result;
        this.epilogue = epilogue;
        layout = result.layout();
        results = gradient ? 1 : shape.groupOutChannels();
        window = shape.window().size();
        places = new long[layout.grids().length][];
        for (int i = 0; i < places.length; i++) {
            int[] kept = layout.grids()[i].window;
            places[i] = new long[layout.grids()[i].taps.length];
            for (int k = 0; k < places[i].length; k++) {
                places[i][k] = (k / kept.length * window + kept[k % kept.length]) * BYTES;
            }
        }
        some = Math.clamp(SOME_BYTES / layout.bytes(), 1, MOST_GROUPS);
    }

    /** Overwrites the result; operands by address. */
    void run(TileRunner tiles, long source, long weights, long to) {
        int groups = shape.batch() * shape.groups();
        int piece = Math.max(1, TASK / Math.max(shape.plane(), shape.positions() * shape.groupOutChannels()));
        tiles.parallel(Math.ceilDiv(groups, piece), part -> {
            Scratch scratch = tiles.scratch();
            long mark = scratch.mark();
            Task task = new Task(scratch);
            int end = Math.min(groups, (part + 1) * piece);
            for (int band = 0; band < layout.cut().bands(); band++) {
                task.clear();
                for (int i = part * piece; i < end; i += some) {
                    task.groups(band, i, Math.min(some, end - i), new long[] {source, weights, to});
                }
            }
            scratch.release(mark);
        });
    }

    private final class Task {
        private final long images;
        private final long[] sums;
        private final float[][] weights;
        private final long spare;
        /** Of the sums of one plane. */
        private final long bytes;

        Task(Scratch scratch) {
            images = scratch.address(some * layout.bytes());
            int span = (layout.cut().rows() - 1) * layout.pitch() + layout.rowLength();
            bytes = Math.ceilDiv(span * BYTES, STEP) * STEP;
            sums = new long[result.strideX()];
            for (int i = 0; i < sums.length; i++) {
                sums[i] = scratch.address(some * bytes);
            }
            spare = scratch.address(PlaneEpilogue.SPARE_BYTES);
            weights = new float[layout.grids().length][];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = new float[layout.grids()[i].taps.length];
            }
        }

        void clear() {
            for (int i = 0; i < some; i++) {
                layout.clear(images + i * layout.bytes());
            }
        }

        /** A band of all results of some groups; operands: source, weights, result. */
        void groups(int band, int first, int count, long[] operands) {
            for (int i = 0; i < count; i++) {
                layout.fill(operands[0] + (first + i) * layout.sourceBytes(), images + i * layout.bytes(), 0, band);
            }
            for (int i = 0; i < results; i++) {
                for (int j = 0; j < weights.length; j += sums.length) {
                    for (int k = 0; k < count * sums.length; k++) {
                        sums(i, j + k / count, first, k % count, operands[1]);
                    }
                    write(band, i, j, first, count, operands[2]);
                }
            }
        }

        /** The sums of one grid for result i of a group. */
        private void sums(int i, int number, int first, int group, long w) {
            TapGrid grid = layout.grids()[number];
            int weight = (first + group) % shape.groups() * shape.groupOutChannels() + i;
            weights(w + (long) weight * window * BYTES, places[number], weights[number]);
            long[] distances = grid.blocks() == 0 ? NONE : grid.distances(0);
            long to = sums[number % sums.length] + group * bytes;
            DepthwisePlanes.sums(images + group * layout.bytes(), distances, weights[number], to, bytes);
        }

        private static void weights(long from, long[] places, float[] to) {
            for (int i = 0; i < to.length; i++) {
                to[i] = VectorMemory.get(from + places[i]);
            }
        }

        private void write(int band, int i, int number, int first, int count, long to) {
            int rows = Math.min(
                    layout.cut().rows(), result.gridRows() - band * layout.cut().rows());
            ResultRows.Range range = new ResultRows.Range(band * layout.cut().rows(), rows);
            for (int group = 0; group < count; group++) {
                long plane = to + ((long) (first + group) * results + i) * result.planeBytes();
                float add = epilogue.add((first + group) % shape.groups() * results + i);
                result.write(number, sums, group * bytes, range, add, plane);
                if (result.dense()) {
                    long start = plane + (long) range.first() * result.width() * BYTES;
                    epilogue.activate(start, rows * result.width(), spare);
                }
            }
        }
    }

    private static void sums(long image, long[] taps, float[] weights, long to, long bytes) {
        FloatVector zero = FloatVector.zero(SPECIES);
        for (long at = 0; at < bytes; at += STEP) {
            FloatVector c0 = zero;
            FloatVector c1 = zero;
            FloatVector c2 = zero;
            FloatVector c3 = zero;
            for (int k = 0; k < taps.length; k++) {
                FloatVector weight = FloatVector.broadcast(SPECIES, weights[k]);
                long from = image + at + taps[k];
                c0 = weight.fma(load(from), c0);
                c1 = weight.fma(load(from + VECTOR), c1);
                c2 = weight.fma(load(from + 2 * VECTOR), c2);
                c3 = weight.fma(load(from + 3 * VECTOR), c3);
            }
            store(c0.add(zero), to + at);
            store(c1.add(zero), to + at + VECTOR);
            store(c2.add(zero), to + at + 2 * VECTOR);
            store(c3.add(zero), to + at + 3 * VECTOR);
        }
    }
}
