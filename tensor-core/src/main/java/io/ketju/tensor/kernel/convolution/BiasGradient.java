package io.ketju.tensor.kernel.convolution;

import io.ketju.tensor.simd.LaneSum;
import io.ketju.tensor.simd.Ranges.RangeTask;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorRows;

/** Sums of planes, added to the gradient of a bias. A thread has one for all its convolutions. */
final class BiasGradient implements RangeTask {
    private static final long BYTES = Float.BYTES;

    private int batch;
    private int channels;
    private int positions;
    private long dy;
    private long sums;

    /** dy [batch, outChannels, positions] and the sums [outChannels] by address. */
    void run(TileRunner tiles, Conv2dShape shape, long dy, long sums) {
        batch = shape.batch();
        channels = shape.outChannels();
        positions = shape.positions();
        this.dy = dy;
        this.sums = sums;
        int piece = Math.max(1, LaneSum.LANES * 1024 / Math.max(1, positions * batch));
        tiles.parallel(channels, piece, this);
    }

    /** Some channels. */
    @Override
    public void run(int from, int to) {
        for (int channel = from; channel < to; channel++) {
            float total = VectorMemory.get(sums + channel * BYTES);
            for (int sample = 0; sample < batch; sample++) {
                total += VectorRows.sum(dy + ((long) sample * channels + channel) * positions * BYTES, positions);
            }
            VectorMemory.set(sums + channel * BYTES, total);
        }
    }
}
