package io.ketju.tensor.kernel.convolution;

import static io.ketju.tensor.kernel.matrix.MatrixKernels.K_BLOCK;
import static java.util.Objects.requireNonNull;

import io.ketju.tensor.kernel.matrix.Folding;
import io.ketju.tensor.kernel.matrix.RightPanels;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.TileRunner.TileTask;
import io.ketju.tensor.simd.VectorTranspose;
import org.jspecify.annotations.Nullable;

/** A {@link WeightGradient} while it runs. Its thread keeps it for the next one; tasks on other threads read it. */
final class WeightCall {
    private static final long BYTES = Float.BYTES;
    /** Gradients that are packed together: they come from the third-level cache for each piece. */
    private static final long MOST_PACKED_BYTES = 4 << 20;

    private final TileRunner tiles;
    /** What a thread works with, whosever call it is. */
    private final ThreadLocal<WeightPass> passes;

    private final Folding folding = new Folding();
    private final TileTask samples = this::sample;
    private final TileTask packing = this::pack;
    private final TileTask pieces = this::piece;

    private @Nullable WeightGradient gradient;
    private long x;
    private long dy;
    private long dw;

    /** Sums side by side for each sample and K-block, or those of all. */
    private long sums;

    // By taps: some samples, whose gradients were packed one behind the other.
    private int first;
    private int count;
    private long packed;

    WeightCall(TileRunner tiles, ThreadLocal<WeightPass> passes) {
        this.tiles = tiles;
        this.passes = passes;
    }

    /** The operands of the next run, by address, as {@link ConvolutionKernels} has them. */
    WeightCall operands(long x, long dy, long dw) {
        this.x = x;
        this.dy = dy;
        this.dw = dw;
        return this;
    }

    /** Adds to dw. */
    void run(WeightGradient of) {
        gradient = of;
        Scratch own = tiles.scratch();
        long mark = own.mark();
        if (of.isByTaps()) {
            byTaps(of, own);
        } else {
            bySamples(of, own);
        }
        own.release(mark);
    }

    private void bySamples(WeightGradient of, Scratch own) {
        long product = (long) of.taps * of.channels * BYTES;
        int partials = of.blocks * of.batch;
        sums = own.address(product * partials);
        tiles.parallel(of.batch, samples);
        long sum = own.address(product);
        long buffer = own.address(VectorTranspose.BUFFER_BYTES);
        of.across(0).run(dw, sum, buffer);
        folding.partials(sums, partials, of.taps, of.channels).fold(tiles, sum, of.channels * BYTES, true);
        of.back(0).run(sum, dw, buffer);
    }

    private void sample(int sample) {
        WeightGradient of = requireNonNull(gradient);
        Scratch scratch = tiles.scratch();
        long mark = scratch.mark();
        WeightPass pass = passes.get().begin(of, scratch, 0, true);
        long own = scratch.address(of.packedBytes());
        pack(of, sample, own, scratch);
        pass.load(x, sample);
        for (int block = 0; block < of.blocks; block++) {
            long product = (long) of.taps * of.channels * BYTES;
            pass.block(block, own, sums + ((long) sample * of.blocks + block) * product);
        }
        scratch.release(mark);
    }

    /** Gradients are packed once for all pieces, those of a few samples at a time. */
    private void byTaps(WeightGradient of, Scratch own) {
        sums = own.address((long) of.taps * of.channels * BYTES);
        int together = Math.clamp(MOST_PACKED_BYTES / of.packedBytes(), 1, of.batch);
        packed = own.address(of.packedBytes() * together);
        for (first = 0; first < of.batch; first += together) {
            count = Math.min(together, of.batch - first);
            tiles.parallel(count, packing);
            tiles.parallel(of.pieces(), pieces);
        }
    }

    /** Adds the products of some samples for a range of taps; the first and the last move the sums from and to dw. */
    private void piece(int piece) {
        WeightGradient of = requireNonNull(gradient);
        Scratch scratch = tiles.scratch();
        long mark = scratch.mark();
        int tap = of.firstTap(piece);
        long sum = sums + (long) tap * of.channels * BYTES;
        long buffer = scratch.address(VectorTranspose.BUFFER_BYTES);
        if (first == 0) {
            of.across(piece).run(dw + tap * BYTES, sum, buffer);
        }
        WeightPass pass = passes.get().begin(of, scratch, piece, false);
        for (int i = 0; i < count; i++) {
            pass.load(x, first + i);
            for (int block = 0; block < of.blocks; block++) {
                pass.block(block, packed + i * of.packedBytes(), sum);
            }
        }
        if (first + count == of.batch) {
            of.back(piece).run(sum, dw + tap * BYTES, buffer);
        }
        scratch.release(mark);
    }

    private void pack(int i) {
        WeightGradient of = requireNonNull(gradient);
        pack(of, first + i, packed + i * of.packedBytes(), tiles.scratch());
    }

    /** Packs the transposed gradients of a sample, one K-block behind the other. */
    private void pack(WeightGradient of, int sample, long to, Scratch scratch) {
        long mark = scratch.mark();
        long buffer = scratch.address(VectorTranspose.BUFFER_BYTES);
        long row = of.positions * BYTES;
        long from = dy + sample * of.channels * row;
        for (int block = 0; block < of.blocks; block++) {
            int position = block * K_BLOCK;
            long target = to + RightPanels.bytes(of.channels, position);
            RightPanels.packTransposed(
                    from + position * BYTES, row, of.length(block), of.channels, target, buffer);
        }
        scratch.release(mark);
    }
}
