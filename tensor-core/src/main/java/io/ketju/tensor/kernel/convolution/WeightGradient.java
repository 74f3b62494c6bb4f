package io.ketju.tensor.kernel.convolution;

import static io.ketju.tensor.kernel.matrix.MatrixKernels.K_BLOCK;

import io.ketju.tensor.kernel.matrix.LeftBlock;
import io.ketju.tensor.kernel.matrix.RightPanels;
import io.ketju.tensor.simd.MatrixTransposition;
import java.util.Arrays;

/**
 * The gradient of convolution weights, transposed while it is computed: per sample, taps [taps, positions] times dy
 * transposed [positions, outChannels], K-blocks of positions added in order. In this direction the taps are copied along
 * their rows, and only dy, the smaller operand, has to be transposed. Small weights are computed sample by sample side by
 * side and added up afterwards; large ones are cut by taps, each piece walking through the samples. This is what depends
 * on the shape; {@link WeightCall} runs it.
 */
final class WeightGradient {
    private static final int TAPS_PER_PIECE = 16 * LeftBlock.ROWS;

    private static final long BYTES = Float.BYTES;
    private static final long MOST_PARTIALS = 1 << 21;
    private static final int SHORT_BLOCK = 128;

    final TapImage layout;
    final int batch;
    final int positions;
    final int channels;
    final int taps;
    final int blocks;
    /** Taps of one channel. */
    final int window;

    // By piece: from dw to the transposed sums, and back.
    private final MatrixTransposition[] across;
    private final MatrixTransposition[] back;
    /** The positions of each K-block. */
    private final PositionRuns[] runs;

    WeightGradient(Conv2dShape shape, TapImage layout) {
        this.layout = layout;
        batch = shape.batch();
        positions = shape.positions();
        channels = shape.outChannels();
        taps = shape.taps();
        window = shape.window().size();
        blocks = Math.ceilDiv(positions, K_BLOCK);
        across = new MatrixTransposition[pieces()];
        Arrays.setAll(across, i -> new MatrixTransposition(channels, taps(i), taps * BYTES, channels * BYTES));
        back = new MatrixTransposition[pieces()];
        Arrays.setAll(back, i -> new MatrixTransposition(taps(i), channels, channels * BYTES, taps * BYTES));
        runs = new PositionRuns[blocks];
        Arrays.setAll(runs, i -> PositionRuns.of(layout, i * K_BLOCK, length(i)));
    }

    /** Partial products of short blocks are more work to write and to add up than to compute. */
    boolean isByTaps() {
        boolean isShort = positions <= SHORT_BLOCK && taps > TAPS_PER_PIECE;
        return isShort || (long) channels * taps * blocks * batch > MOST_PARTIALS;
    }

    /** Pieces of the taps: one if the work is cut by samples. */
    int pieces() {
        return isByTaps() ? Math.ceilDiv(taps, TAPS_PER_PIECE) : 1;
    }

    int firstTap(int piece) {
        return piece * TAPS_PER_PIECE;
    }

    /** Taps of a piece. */
    int taps(int piece) {
        return isByTaps() ? Math.min(TAPS_PER_PIECE, taps - firstTap(piece)) : taps;
    }

    /** From dw to sums, for a piece of the taps. */
    MatrixTransposition across(int piece) {
        return across[piece];
    }

    /** From sums to dw, for a piece of the taps. */
    MatrixTransposition back(int piece) {
        return back[piece];
    }

    /** Positions of a K-block. */
    int length(int block) {
        return Math.min(K_BLOCK, positions - block * K_BLOCK);
    }

    PositionRuns runs(int block) {
        return runs[block];
    }

    /** Bytes of a sample's packed gradients. */
    long packedBytes() {
        return RightPanels.bytes(channels, positions);
    }
}
