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
import io.ketju.tensor.simd.VectorMemory;
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
        if ((long) channels * taps * blocks * shape.batch() <= MOST_PARTIALS) {
            bySamples(tiles);
        } else {
            byTaps(tiles);
        }
    }

    private void bySamples(TileRunner tiles) {
        Scratch own = tiles.scratch();
        long ownMark = own.mark();
        long product = (long) taps * channels * BYTES;
        long partials = own.address(product * blocks * shape.batch());
        tiles.parallel(shape.batch(), sample -> {
            Scratch scratch = tiles.scratch();
            long mark = scratch.mark();
            Pass pass = new Pass(scratch, 0, taps);
            pass.load(sample);
            for (int block = 0; block < blocks; block++) {
                long to = partials + ((long) sample * blocks + block) * product;
                VectorMemory.clear(to, product);
                pass.block(sample, block, to);
            }
            scratch.release(mark);
        });
        long sum = own.address(product);
        long buffer = own.address(VectorTranspose.BUFFER_BYTES);
        new MatrixTransposition(channels, taps, taps * BYTES, channels * BYTES).run(operands.dw, sum, buffer);
        Folding.Partials all = new Folding.Partials(partials, blocks * shape.batch(), taps, channels);
        Folding.fold(tiles, all, sum, channels * BYTES, true);
        new MatrixTransposition(taps, channels, channels * BYTES, taps * BYTES).run(sum, operands.dw, buffer);
        own.release(ownMark);
    }

    private void byTaps(TileRunner tiles) {
        int pieces = Math.ceilDiv(taps, TAPS_PER_PIECE);
        tiles.parallel(pieces, part -> {
            Scratch scratch = tiles.scratch();
            long mark = scratch.mark();
            int tap = part * TAPS_PER_PIECE;
            int count = Math.min(TAPS_PER_PIECE, taps - tap);
            Pass pass = new Pass(scratch, tap, count);
            long sum = scratch.address((long) count * channels * BYTES);
            long buffer = scratch.address(VectorTranspose.BUFFER_BYTES);
            new MatrixTransposition(channels, count, taps * BYTES, channels * BYTES)
                    .run(operands.dw + tap * BYTES, sum, buffer);
            for (int sample = 0; sample < shape.batch(); sample++) {
                pass.load(sample);
                for (int block = 0; block < blocks; block++) {
                    pass.block(sample, block, sum);
                }
            }
            new MatrixTransposition(count, channels, channels * BYTES, taps * BYTES)
                    .run(sum, operands.dw + tap * BYTES, buffer);
            scratch.release(mark);
        });
    }

    /** One thread's work on a range of taps, in memory of its own. */
    private final class Pass {
        private final int firstTap;
        private final int count;
        private final long image;
        private final long packed;
        private final long buffer;
        private final float[] a;
        private final BlockProduct product;

        Pass(Scratch scratch, int firstTap, int taps) {
            this.firstTap = firstTap;
            image = scratch.address(layout.bytes());
            packed = scratch.address(RightPanels.bytes(channels, Math.min(positions, K_BLOCK)));
            buffer = scratch.address(VectorTranspose.BUFFER_BYTES);
            a = scratch.floats(LeftBlock.floats(taps) + LeftBlock.ROW);
            product = new BlockProduct(Left.ROWS, a, taps, scratch.address(BlockProduct.SPARE_BYTES));
            count = taps;
        }

        void load(int sample) {
            layout.fill(operands.x + sample * layout.sourceBytes(), image);
        }

        /** Adds the product of one K-block of positions to a sum [taps, outChannels]. */
        void block(int sample, int block, long sum) {
            int from = block * K_BLOCK;
            int length = Math.min(K_BLOCK, positions - from);
            for (int tap = 0; tap < count; tap++) {
                runs[block].copy(image + layout.tap(firstTap + tap) * BYTES, a, tap * LeftBlock.ROW);
            }
            long dy = operands.dy + ((long) sample * channels * positions + from) * BYTES;
            RightPanels.Size size = new RightPanels.Size(length, channels);
            RightPanels.packTransposed(dy, positions * BYTES, size, packed, buffer);
            product.run(length, packed, channels, sum, channels * BYTES);
        }
    }
}
