package io.ketju.tensor.kernel.convolution;

import static io.ketju.tensor.kernel.matrix.MatrixKernels.K_BLOCK;

import io.ketju.tensor.kernel.matrix.BlockProduct;
import io.ketju.tensor.kernel.matrix.Folding;
import io.ketju.tensor.kernel.matrix.LeftBlock;
import io.ketju.tensor.kernel.matrix.MicroKernel.Left;
import io.ketju.tensor.kernel.matrix.RightPanels;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.MatrixTransposition;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.VectorTranspose;

/**
 * The gradient of convolution weights, transposed while it is computed: per sample, taps [taps, positions] times dy
 * transposed [positions, outChannels], K-blocks of positions added in order. In this direction the taps are copied along
 * their rows, and only dy, the smaller operand, has to be transposed. Small weights are computed sample by sample side by
 * side and added up afterwards; large ones are cut by taps, each piece walking through the samples.
 */
final class WeightGradient {
    /** Addresses of the operands as {@link ConvolutionKernels} has them. */
    record Operands(long x, long dy, long dw) {}

    private static final long BYTES = Float.BYTES;
    private static final long MOST_PARTIALS = 1 << 21;
    /** Gradients that are packed together: they come from the third-level cache for each piece. */
    private static final long MOST_PACKED_BYTES = 4 << 20;

    private static final int SHORT_BLOCK = 128;
    private static final int TAPS_PER_PIECE = 16 * LeftBlock.ROWS;

    private final Conv2dShape shape;
    private final Operands operands;
    private final TapImage layout;
    private final int positions;
    private final int channels;
    private final int taps;
    private final int blocks;
    private final PositionRuns[] runs;

    WeightGradient(Conv2dShape shape, TapImage layout, Operands operands) {
        this.shape = shape;
        this.operands = operands;
        this.layout = layout;
        positions = shape.outHeight() * shape.outWidth();
        channels = shape.outChannels();
        taps = shape.taps();
        blocks = Math.ceilDiv(positions, K_BLOCK);
        runs = new PositionRuns[blocks];
        for (int block = 0; block < blocks; block++) {
            runs[block] = PositionRuns.of(layout, block * K_BLOCK, Math.min(K_BLOCK, positions - block * K_BLOCK));
        }
    }

    void run(TileRunner tiles) {
        Scratch own = tiles.scratch();
        long mark = own.mark();
        if (isByTaps()) {
            byTaps(tiles, own);
        } else {
            bySamples(tiles, own);
        }
        own.release(mark);
    }

    /** Partial products of short blocks are more work to write and to add up than to compute. */
    private boolean isByTaps() {
        boolean isShort = positions <= SHORT_BLOCK && taps > TAPS_PER_PIECE;
        return isShort || (long) channels * taps * blocks * shape.batch() > MOST_PARTIALS;
    }

    private void bySamples(TileRunner tiles, Scratch own) {
        long product = (long) taps * channels * BYTES;
        long partials = own.address(product * blocks * shape.batch());
        tiles.parallel(shape.batch(), sample -> {
            Scratch scratch = tiles.scratch();
            long mark = scratch.mark();
            Pass pass = new Pass(scratch, 0, taps);
            pass.product.overwrite(true);
            long packed = scratch.address(packedBytes());
            pack(sample, packed, scratch);
            pass.load(sample);
            for (int block = 0; block < blocks; block++) {
                pass.block(block, packed, partials + ((long) sample * blocks + block) * product);
            }
            scratch.release(mark);
        });
        long sum = own.address(product);
        long buffer = own.address(VectorTranspose.BUFFER_BYTES);
        new MatrixTransposition(channels, taps, taps * BYTES, channels * BYTES).run(operands.dw, sum, buffer);
        Folding.Partials all = new Folding.Partials(partials, blocks * shape.batch(), taps, channels);
        Folding.fold(tiles, all, sum, channels * BYTES, true);
        new MatrixTransposition(taps, channels, channels * BYTES, taps * BYTES).run(sum, operands.dw, buffer);
    }

    /** Gradients are packed once for all pieces, those of a few samples at a time. */
    private void byTaps(TileRunner tiles, Scratch own) {
        long sums = own.address((long) taps * channels * BYTES);
        int together = Math.clamp(MOST_PACKED_BYTES / packedBytes(), 1, shape.batch());
        long packed = own.address(packedBytes() * together);
        for (int first = 0; first < shape.batch(); first += together) {
            int from = first;
            int count = Math.min(together, shape.batch() - first);
            tiles.parallel(count, i -> pack(from + i, packed + i * packedBytes(), tiles.scratch()));
            tiles.parallel(Math.ceilDiv(taps, TAPS_PER_PIECE), piece -> {
                Scratch scratch = tiles.scratch();
                long mark = scratch.mark();
                piece(piece * TAPS_PER_PIECE, new Samples(from, count, packed), sums, scratch);
                scratch.release(mark);
            });
        }
    }

    /** Some samples, whose gradients were packed one behind the other. */
    private record Samples(int first, int count, long packed) {}

    /** Adds the products of some samples for a range of taps; the first and the last move the sums from and to dw. */
    private void piece(int tap, Samples samples, long sums, Scratch scratch) {
        int count = Math.min(TAPS_PER_PIECE, taps - tap);
        long sum = sums + (long) tap * channels * BYTES;
        long buffer = scratch.address(VectorTranspose.BUFFER_BYTES);
        if (samples.first == 0) {
            new MatrixTransposition(channels, count, taps * BYTES, channels * BYTES)
                    .run(operands.dw + tap * BYTES, sum, buffer);
        }
        Pass pass = new Pass(scratch, tap, count);
        for (int i = 0; i < samples.count; i++) {
            pass.load(samples.first + i);
            for (int block = 0; block < blocks; block++) {
                pass.block(block, samples.packed + i * packedBytes(), sum);
            }
        }
        if (samples.first + samples.count == shape.batch()) {
            new MatrixTransposition(count, channels, channels * BYTES, taps * BYTES)
                    .run(sum, operands.dw + tap * BYTES, buffer);
        }
    }

    /** Bytes of a sample's packed gradients. */
    private long packedBytes() {
        return RightPanels.bytes(channels, positions);
    }

    /** Packs the transposed gradients of a sample, one K-block behind the other. */
    private void pack(int sample, long to, Scratch scratch) {
        long mark = scratch.mark();
        long buffer = scratch.address(VectorTranspose.BUFFER_BYTES);
        long dy = operands.dy + (long) sample * channels * positions * BYTES;
        for (int from = 0; from < positions; from += K_BLOCK) {
            RightPanels.Size size = new RightPanels.Size(Math.min(K_BLOCK, positions - from), channels);
            RightPanels.packTransposed(
                    dy + from * BYTES, positions * BYTES, size, to + RightPanels.bytes(channels, from), buffer);
        }
        scratch.release(mark);
    }

    /** One thread's work on a range of taps, in memory of its own. */
    private final class Pass {
        private final int firstTap;
        private final int count;
        private final int firstChannel;
        private final int endChannel;
        private final long image;
        private final float[] a;
        private final BlockProduct product;

        Pass(Scratch scratch, int firstTap, int taps) {
            this.firstTap = firstTap;
            count = taps;
            int window = shape.window().size();
            firstChannel = firstTap / window;
            endChannel = Math.ceilDiv(firstTap + taps, window);
            image = scratch.address(layout.bytes());
            layout.clear(image);
            a = scratch.floats(LeftBlock.floats(taps) + LeftBlock.ROW);
            product = new BlockProduct(Left.ROWS, a, taps, scratch.address(BlockProduct.SPARE_BYTES));
        }

        /** Lays out the channels that these taps read. */
        void load(int sample) {
            layout.fillChannels(operands.x + sample * layout.sourceBytes(), image, firstChannel, endChannel);
        }

        /** The product of one K-block of positions and a sample's packed gradients, [taps, outChannels]. */
        void block(int block, long packed, long sum) {
            int from = block * K_BLOCK;
            for (int tap = 0; tap < count; tap++) {
                runs[block].copy(image + layout.tap(firstTap + tap) * BYTES, a, tap * LeftBlock.ROW);
            }
            int length = Math.min(K_BLOCK, positions - from);
            product.run(length, packed + RightPanels.bytes(channels, from), channels, sum, channels * BYTES);
        }
    }
}
