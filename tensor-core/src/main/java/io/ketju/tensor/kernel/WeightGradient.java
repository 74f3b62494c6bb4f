package io.ketju.tensor.kernel;

import static io.ketju.tensor.kernel.MatrixKernels.K_BLOCK;
import static io.ketju.tensor.kernel.Tile.ORDER;
import static io.ketju.tensor.kernel.VectorWidth.LANES;
import static io.ketju.tensor.kernel.VectorWidth.SPECIES;

import io.ketju.tensor.kernel.PanelProduct.Block;
import io.ketju.tensor.kernel.PanelProduct.Mode;
import io.ketju.tensor.kernel.PanelProduct.Rows;
import io.ketju.tensor.kernel.PanelProduct.Size;
import io.ketju.tensor.kernel.PanelProduct.Target;
import io.ketju.tensor.memory.Scratch;
import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/**
 * The gradient of convolution weights: per sample dy [outChannels, positions] times columns transposed [positions,
 * taps], K-blocks of positions added to dw in order. Small weights are computed sample by sample side by side and
 * added up afterwards; large ones are cut by input channels, each piece walking through the samples.
 */
final class WeightGradient {
    /** The operands: x, dy and dw as {@link ConvolutionKernels} has them. */
    record Operands(MemorySegment x, MemorySegment dy, MemorySegment dw) {}

    private static final long BYTES = Float.BYTES;
    private static final long MOST_PARTIALS = 1 << 21;
    private static final int TAPS_PER_PIECE = 256;

    private final Conv2dShape shape;
    private final Operands operands;
    private final TapImage layout;
    private final int positions;
    private final int blocks;
    private final int kernelWidth;

    WeightGradient(Conv2dShape shape, Operands operands) {
        this.shape = shape;
        this.operands = operands;
        layout = TapImage.ofInput(shape);
        positions = shape.outHeight() * shape.outWidth();
        blocks = Math.ceilDiv(positions, K_BLOCK);
        kernelWidth = shape.window().kernelWidth();
    }

    void run(TileRunner tiles) {
        long weights = (long) shape.outChannels() * shape.taps();
        if (weights * blocks * shape.batch() <= MOST_PARTIALS) {
            bySamples(tiles, (int) weights);
        } else {
            byTaps(tiles);
        }
    }

    private void bySamples(TileRunner tiles, int weights) {
        Scratch own = tiles.scratch();
        long ownMark = own.mark();
        MemorySegment partials = own.allocate((long) weights * blocks * shape.batch() * BYTES);
        tiles.parallel(shape.batch(), sample -> {
            Scratch scratch = tiles.scratch();
            long mark = scratch.mark();
            Pass pass = new Pass(scratch, 0, shape.taps());
            pass.load(sample);
            for (int block = 0; block < blocks; block++) {
                long at = ((long) sample * blocks + block) * weights * BYTES;
                pass.block(sample, block, new Target(partials, at, shape.taps() * BYTES), Mode.OVERWRITE);
            }
            scratch.release(mark);
        });
        Folding.fold(tiles, partials, blocks * shape.batch(), operands.dw, weights, Mode.ADD);
        own.release(ownMark);
    }

    private void byTaps(TileRunner tiles) {
        int plane = shape.window().kernelHeight() * kernelWidth;
        int piece = Math.max(1, TAPS_PER_PIECE / plane) * plane;
        tiles.parallel(Math.ceilDiv(shape.taps(), piece), part -> {
            Scratch scratch = tiles.scratch();
            long mark = scratch.mark();
            int tap = part * piece;
            Pass pass = new Pass(scratch, tap, Math.min(piece, shape.taps() - tap));
            Target target = new Target(operands.dw, tap * BYTES, shape.taps() * BYTES);
            for (int sample = 0; sample < shape.batch(); sample++) {
                pass.load(sample);
                for (int block = 0; block < blocks; block++) {
                    pass.block(sample, block, target, Mode.ADD);
                }
            }
            scratch.release(mark);
        });
    }

    /** One thread's work on a range of taps, in memory of its own. */
    private final class Pass {
        private final int firstTap;
        private final int taps;
        private final MemorySegment image;
        private final MemorySegment packed;
        private final MemorySegment row;
        private final Tile tile;

        Pass(Scratch scratch, int firstTap, int taps) {
            this.firstTap = firstTap;
            this.taps = taps;
            image = scratch.allocate(layout.bytes());
            packed = scratch.allocate(Panels.bytes(taps, Math.min(positions, K_BLOCK)) + ColumnPacking.SLACK);
            row = scratch.allocate((Panels.padded(taps) + LANES) * BYTES);
            row.fill((byte) 0);
            tile = new Tile(scratch);
        }

        void load(int sample) {
            layout.fill(operands.x, sample * layout.sourceBytes(), image);
        }

        void block(int sample, int block, Target target, Mode mode) {
            int from = block * K_BLOCK;
            int length = Math.min(K_BLOCK, positions - from);
            for (int p = 0; p < length; p++) {
                readTaps(layout.position(from + p) * BYTES);
                int width;
                for (int j = 0; j < taps; j += width) {
                    width = Panels.width(taps, j);
                    long to = ((long) j * length + (long) p * width) * BYTES;
                    PanelProduct.copyRow(row, j * BYTES, packed, to, width);
                }
            }
            long sampleBytes = (long) shape.outChannels() * positions * BYTES;
            Rows dy = new Rows(operands.dy, sample * sampleBytes + from * BYTES, positions * BYTES);
            Size size = new Size(shape.outChannels(), taps);
            PanelProduct.run(tile, dy, new Block(packed, 0, length), target, size, mode);
        }

        /** Taps of one position, a window row at a time; each vector overruns into the row that follows. */
        private void readTaps(long position) {
            for (int tap = 0; tap < taps; tap += kernelWidth) {
                long from = position + layout.tap(firstTap + tap) * BYTES;
                for (int i = 0; i < kernelWidth; i += LANES) {
                    FloatVector.fromMemorySegment(SPECIES, image, from + i * BYTES, ORDER)
                            .intoMemorySegment(row, (tap + i) * BYTES, ORDER);
                }
            }
        }
    }
}
