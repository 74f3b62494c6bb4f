package io.ketju.tensor.kernel.convolution;

import static io.ketju.tensor.kernel.matrix.MatrixKernels.K_BLOCK;
import static java.util.Objects.requireNonNull;

import io.ketju.tensor.kernel.matrix.BlockProduct;
import io.ketju.tensor.kernel.matrix.LeftBlock;
import io.ketju.tensor.kernel.matrix.MicroKernel.Left;
import io.ketju.tensor.kernel.matrix.RightPanels;
import io.ketju.tensor.memory.Scratch;
import org.jspecify.annotations.Nullable;

/** One thread's work on a range of taps of a {@link WeightGradient}, in memory of its own: one range after the other. */
final class WeightPass {
    private static final long BYTES = Float.BYTES;

    private final BlockProduct product = new BlockProduct();
    private @Nullable WeightGradient gradient;
    private float[] a = {};
    private long image;
    private int firstTap;
    private int count;
    private int firstChannel;
    private int endChannel;

    /** For a piece of the taps; products overwrite their sums or are added to them. */
    WeightPass begin(WeightGradient of, Scratch scratch, int piece, boolean overwrite) {
        gradient = of;
        firstTap = of.firstTap(piece);
        count = of.taps(piece);
        firstChannel = firstTap / of.window;
        endChannel = Math.ceilDiv(firstTap + count, of.window);
        image = scratch.address(of.layout.bytes());
        of.layout.clear(image);
        a = scratch.floats(LeftBlock.floats(count) + LeftBlock.ROW);
        product.reset(Left.ROWS, a, count, scratch.address(BlockProduct.SPARE_BYTES), null)
                .overwrite(overwrite);
        return this;
    }

    /** Lays out the channels that these taps read. */
    void load(long x, int sample) {
        TapImage layout = requireNonNull(gradient).layout;
        layout.fillChannels(x + sample * layout.sourceBytes(), image, firstChannel, endChannel);
    }

    /** The product of one K-block of positions and a sample's packed gradients, [taps, outChannels]. */
    void block(int block, long packed, long sum) {
        WeightGradient of = requireNonNull(gradient);
        PositionRuns runs = of.runs(block);
        for (int tap = 0; tap < count; tap++) {
            runs.copy(image + of.layout.tap(firstTap + tap) * BYTES, a, tap * LeftBlock.ROW);
        }
        long columns = packed + RightPanels.bytes(of.channels, block * K_BLOCK);
        product.run(of.length(block), columns, of.channels, sum, of.channels * BYTES);
    }
}
