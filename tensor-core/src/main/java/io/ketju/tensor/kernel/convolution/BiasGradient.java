package io.ketju.tensor.kernel.convolution;

import io.ketju.tensor.simd.LaneSum;
import io.ketju.tensor.simd.TileRunner;
import io.ketju.tensor.simd.VectorMemory;
import io.ketju.tensor.simd.VectorRows;

/** Sums of planes, added to the gradient of a bias. */
final class BiasGradient {
    private static final long BYTES = Float.BYTES;

    private BiasGradient() {}

    /** dy [batch, outChannels, positions] and the sums [outChannels] by address. */
    static void run(TileRunner tiles, Conv2dShape shape, long dy, long sums) {
        int positions = shape.positions();
        int channels = shape.outChannels();
        int piece = Math.max(1, LaneSum.LANES * 1024 / Math.max(1, positions * shape.batch()));
        tiles.parallel(Math.ceilDiv(channels, piece), part -> {
            for (int channel = part * piece; channel < Math.min(channels, (part + 1) * piece); channel++) {
                float total = VectorMemory.get(sums + channel * BYTES);
                for (int sample = 0; sample < shape.batch(); sample++) {
                    total += VectorRows.sum(dy + ((long) sample * channels + channel) * positions * BYTES, positions);
                }
                VectorMemory.set(sums + channel * BYTES, total);
            }
        });
    }
}
