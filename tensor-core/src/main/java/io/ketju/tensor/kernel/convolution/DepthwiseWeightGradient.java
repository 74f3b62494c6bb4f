package io.ketju.tensor.kernel.convolution;

import static io.ketju.tensor.kernel.matrix.MatrixKernels.K_BLOCK;
import static io.ketju.tensor.simd.VectorMemory.VECTOR;
import static io.ketju.tensor.simd.VectorMemory.load;
import static io.ketju.tensor.simd.VectorMemory.store;
import static io.ketju.tensor.simd.VectorWidth.LANES;
import static io.ketju.tensor.simd.VectorWidth.SPECIES;

import io.ketju.tensor.kernel.convolution.Conv2dShape.Window;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.MatrixTransposition;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorTranspose;
import jdk.incubator.vector.FloatVector;

/**
 * The gradient of depthwise weights. A sum goes over the positions one after the other, so the lanes of a vector are
 * channels: x, with its padding, and dy are transposed to [position, lane] strip by strip, and each position gives one
 * multiply-add per tap. The chains of all K-blocks and samples are kept and added up in order afterwards.
 */
final class DepthwiseWeightGradient {
    private static final long BYTES = Float.BYTES;
    /** Taps that are summed at once: enough chains to keep both multipliers busy. */
    private static final int TAPS = 9;
    /** Positions of a strip at a stride of 1, in K-blocks. */
    private static final int STRIP_BLOCKS = 4;
    /** Positions that are worth a task. */
    private static final int TASK = 2048;

    private final Conv2dShape shape;
    private final Window window;
    private final WeightOperands operands;
    private final int multiplier;
    private final int positions;
    private final int blocks;
    /** Columns of x with the padding. */
    private final int pitch;
    /** Bytes from the position of the first output to each tap, the last one repeated to fill the last group. */
    private final long[] taps;
    /** Bytes from the first position to each, in the padded and transposed image. */
    private final long[] places;

    DepthwiseWeightGradient(Conv2dShape shape, WeightOperands operands) {
        this.shape = shape;
        this.operands = operands;
        window = shape.window();
        multiplier = shape.groupOutChannels();
        positions = shape.positions();
        blocks = Math.ceilDiv(positions, K_BLOCK);
        pitch = shape.width() + 2 * window.padX();
        taps = new long[Math.ceilDiv(window.size(), TAPS) * TAPS];
        for (int i = 0; i < taps.length; i++) {
            int tap = Math.min(i, window.size() - 1);
            int row = tap / window.kernelWidth() * window.dilationY();
            taps[i] = (row * pitch + tap % window.kernelWidth() * window.dilationX()) * VECTOR;
        }
        places = new long[positions];
        int width = shape.outWidth();
        for (int p = 0; p < positions; p++) {
            places[p] = (p / width * window.strideY() * pitch + p % width * window.strideX()) * VECTOR;
        }
    }

    void run(TileRunner tiles) {
        int batch = shape.batch();
        int lanes = Math.ceilDiv(shape.groups(), LANES);
        Scratch own = tiles.scratch();
        long mark = own.mark();
        long sampleBytes = (long) multiplier * blocks * taps.length * VECTOR;
        long partials = own.address((long) lanes * batch * sampleBytes);
        int piece = Math.max(1, TASK / positions);
        int pieces = Math.ceilDiv(batch, piece);
        tiles.parallel(lanes * pieces, part -> {
            Scratch scratch = tiles.scratch();
            long start = scratch.mark();
            Task task = new Task(scratch, part / pieces * LANES);
            int first = part % pieces * piece;
            for (int sample = first; sample < Math.min(batch, first + piece); sample++) {
                task.sample(sample, partials + ((long) part / pieces * batch + sample) * sampleBytes);
            }
            scratch.release(start);
        });
        tiles.parallel(lanes, part -> {
            Scratch scratch = tiles.scratch();
            long start = scratch.mark();
            fold(part * LANES, partials + (long) part * batch * sampleBytes, scratch.address(VECTOR));
            scratch.release(start);
        });
        own.release(mark);
    }

    /** Adds the chains of all samples to the gradient of a vector of channels. */
    private void fold(int channel, long partials, long lanes) {
        int count = Math.min(LANES, shape.groups() - channel);
        long block = taps.length * VECTOR;
        for (int m = 0; m < multiplier; m++) {
            for (int tap = 0; tap < window.size(); tap++) {
                long dw = operands.dw() + (((long) channel * multiplier + m) * window.size() + tap) * BYTES;
                long stride = (long) multiplier * window.size() * BYTES;
                for (int lane = 0; lane < count; lane++) {
                    VectorMemory.set(lanes + lane * BYTES, VectorMemory.get(dw + lane * stride));
                }
                for (int sample = 0; sample < shape.batch(); sample++) {
                    long from = partials + ((long) sample * multiplier + m) * blocks * block + tap * VECTOR;
                    addAll(from, block, blocks, lanes);
                }
                for (int lane = 0; lane < count; lane++) {
                    VectorMemory.set(dw + lane * stride, VectorMemory.get(lanes + lane * BYTES));
                }
            }
        }
    }

    private static void addAll(long from, long stride, int count, long to) {
        FloatVector sum = load(to);
        for (int i = 0; i < count; i++) {
            sum = sum.add(load(from + i * stride));
        }
        store(sum, to);
    }

    /** One thread's work on a vector of channels. */
    private final class Task {
        private final int channel;
        private final int channels;
        private final int strip;
        private final int stripRows;
        private final long image;
        private final long flat;
        private final long gradient;
        private final long buffer;

        Task(Scratch scratch, int channel) {
            this.channel = channel;
            channels = Math.min(LANES, shape.groups() - channel);
            strip = Math.min(positions, Math.max(1, STRIP_BLOCKS / window.strideY()) * K_BLOCK);
            int outRows = Math.min(shape.outHeight(), (strip - 1) / shape.outWidth() + 2);
            stripRows = (outRows - 1) * window.strideY() + window.extentY();
            image = scratch.address((long) stripRows * pitch * VECTOR);
            flat = scratch.address((long) Math.min(stripRows, shape.height()) * shape.width() * VECTOR);
            gradient = scratch.address(strip * VECTOR);
            buffer = scratch.address(VectorTranspose.BUFFER_BYTES);
            VectorMemory.clear(image, (long) stripRows * pitch * VECTOR);
        }

        /** Writes the chains of a sample, [multiplier, blocks, taps, lanes]. */
        void sample(int sample, long partials) {
            for (int p = 0; p < positions; p += strip) {
                int count = Math.min(strip, positions - p);
                int first = p / shape.outWidth() * window.strideY();
                int last = (p + count - 1) / shape.outWidth() * window.strideY() + window.extentY() - 1;
                loadImage(sample, first, last);
                for (int m = 0; m < multiplier; m++) {
                    loadGradient(sample, m, p, count);
                    long to = partials + (long) m * blocks * taps.length * VECTOR;
                    for (int i = 0; i < count; i += K_BLOCK) {
                        block(
                                p + i,
                                Math.min(K_BLOCK, count - i),
                                image - (long) first * pitch * VECTOR,
                                gradient + i * VECTOR,
                                to + (long) ((p + i) / K_BLOCK) * taps.length * VECTOR);
                    }
                }
            }
        }

        private void block(int p, int count, long image, long dy, long to) {
            for (int tap = 0; tap < taps.length; tap += TAPS) {
                chains(image, p, count, dy, tap, to + tap * VECTOR);
            }
        }

        /** Lays out the padded rows of x from the first to the last, transposed. */
        private void loadImage(int sample, int first, int last) {
            int from = Math.max(0, first - window.padY());
            int to = Math.min(shape.height() - 1, last - window.padY());
            int width = shape.width();
            if (from <= to) {
                long x = operands.x()
                        + (((long) sample * shape.groups() + channel) * shape.plane() + (long) from * width) * BYTES;
                new MatrixTransposition(channels, (to - from + 1) * width, shape.plane() * BYTES, VECTOR)
                        .run(x, flat, buffer);
            }
            for (int row = first; row <= last; row++) {
                long at = image + (long) (row - first) * pitch * VECTOR;
                int source = row - window.padY();
                if (source < from || source > to) {
                    VectorMemory.clear(at, pitch * VECTOR);
                } else {
                    RowCopies.copy(
                            flat + (long) (source - from) * width * VECTOR, at + window.padX() * VECTOR, width * LANES);
                }
            }
        }

        private void loadGradient(int sample, int m, int p, int count) {
            long plane = ((long) sample * shape.groups() + channel) * multiplier + m;
            long dy = operands.dy() + (plane * positions + p) * BYTES;
            new MatrixTransposition(channels, count, (long) multiplier * positions * BYTES, VECTOR)
                    .run(dy, gradient, buffer);
        }
    }

    /** The chains of a group of taps over one K-block. */
    private void chains(long image, int p, int count, long dy, int tap, long to) {
        long[] places = this.places;
        long[] taps = this.taps;
        FloatVector c0 = FloatVector.zero(SPECIES);
        FloatVector c1 = c0;
        FloatVector c2 = c0;
        FloatVector c3 = c0;
        FloatVector c4 = c0;
        FloatVector c5 = c0;
        FloatVector c6 = c0;
        FloatVector c7 = c0;
        FloatVector c8 = c0;
        for (int i = 0; i < count; i++) {
            long at = image + places[p + i];
            FloatVector g = load(dy + i * VECTOR);
            c0 = g.fma(load(at + taps[tap]), c0);
            c1 = g.fma(load(at + taps[tap + 1]), c1);
            c2 = g.fma(load(at + taps[tap + 2]), c2);
            c3 = g.fma(load(at + taps[tap + 3]), c3);
            c4 = g.fma(load(at + taps[tap + 4]), c4);
            c5 = g.fma(load(at + taps[tap + 5]), c5);
            c6 = g.fma(load(at + taps[tap + 6]), c6);
            c7 = g.fma(load(at + taps[tap + 7]), c7);
            c8 = g.fma(load(at + taps[tap + 8]), c8);
        }
        store(c0, to);
        store(c1, to + VECTOR);
        store(c2, to + 2 * VECTOR);
        store(c3, to + 3 * VECTOR);
        store(c4, to + 4 * VECTOR);
        store(c5, to + 5 * VECTOR);
        store(c6, to + 6 * VECTOR);
        store(c7, to + 7 * VECTOR);
        store(c8, to + 8 * VECTOR);
    }
}
