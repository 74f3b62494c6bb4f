package io.ketju.tensor.kernel.normalization;

import static io.ketju.tensor.simd.VectorMemory.address;
import static io.ketju.tensor.simd.VectorMemory.get;
import static io.ketju.tensor.simd.VectorMemory.set;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.Affine;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.ChannelStatistics;
import io.ketju.tensor.kernel.normalization.VectorPlanes.Line;
import io.ketju.tensor.memory.Scratch;
import io.ketju.tensor.simd.Ranges;
import io.ketju.tensor.simd.TileRunner;
import org.jspecify.annotations.Nullable;

/**
 * The forward pass of batch normalization. A tile works on whole channels, one after the other: statistics first, and
 * the second pass finds the channel in the cache unless it is very large.
 */
final class VectorBatchNorm {
    private static final long BYTES = Float.BYTES;
    /** Bytes that keep a line. */
    private static final long LINE = 3 * BYTES;

    private final BatchNorm norm;
    private final Affine affine;
    private final ChannelStatistics statistics;
    private final long x;

    VectorBatchNorm(BatchNorm norm, Affine affine, ChannelStatistics statistics, Tensor x) {
        this.norm = norm;
        this.affine = affine;
        this.statistics = statistics;
        this.x = address(x);
    }

    void statistics(TileRunner tiles) {
        Ranges.rows(tiles, norm.channels(), norm.count(), (from, to) -> {
            Channel each = new Channel();
            for (int channel = from; channel < to; channel++) {
                each.statistics(channel);
            }
        });
    }

    void forward(TileRunner tiles, @Nullable Tensor residual, Tensor y) {
        long in = residual == null ? 0 : address(residual);
        long out = address(y);
        Ranges.rows(tiles, norm.channels(), norm.count(), (from, to) -> {
            Channel each = new Channel();
            for (int channel = from; channel < to; channel++) {
                each.statistics(channel);
                normalize(channel, in, out);
            }
        });
    }

    void normalize(TileRunner tiles, @Nullable Tensor residual, Tensor y) {
        long in = residual == null ? 0 : address(residual);
        long out = address(y);
        int channels = norm.channels();
        Scratch scratch = tiles.scratch();
        long mark = scratch.mark();
        try {
            long lines = scratch.address(channels * LINE);
            for (int channel = 0; channel < channels; channel++) {
                keep(line(norm, affine, statistics, channel), lines + channel * LINE);
            }
            // Plane after plane as they lie, which the processor fetches ahead however small they are.
            Ranges.rows(tiles, norm.samples() * channels, norm.spatial(), (from, to) -> {
                long at = (long) from * norm.spatial() * BYTES;
                for (int plane = from; plane < to; plane++, at += norm.spatial() * BYTES) {
                    normalize(kept(lines + plane % channels * LINE), at, in, out);
                }
            });
        } finally {
            scratch.release(mark);
        }
    }

    private static void keep(Line line, long at) {
        set(at, line.mean());
        set(at + BYTES, line.scale());
        set(at + 2 * BYTES, line.beta());
    }

    private static Line kept(long at) {
        return new Line(get(at), get(at + BYTES), get(at + 2 * BYTES));
    }

    /** The statistics of channels. One per tile. */
    private final class Channel {
        private final VectorRuns runs = new VectorRuns();
        private final Moments moments = new Moments();

        void statistics(int channel) {
            long plane = norm.spatial() * BYTES;
            moments.clear();
            runs.merge(x + channel * plane, norm.channels() * plane, norm.samples(), norm.spatial(), moments);
            statistics.mean().setFloat(channel, moments.mean());
            statistics.variance().setFloat(channel, moments.variance());
        }
    }

    private void normalize(int channel, long residual, long y) {
        Line line = line(norm, affine, statistics, channel);
        for (int sample = 0; sample < norm.samples(); sample++) {
            normalize(line, norm.plane(sample, channel) * BYTES, residual, y);
        }
    }

    /** One plane, so many bytes behind the first. */
    private void normalize(Line line, long at, long residual, long y) {
        int n = norm.spatial();
        switch (norm.epilogue()) {
            case NONE -> VectorPlanes.normalize(x + at, y + at, n, line);
            case RELU -> VectorPlanes.normalizeRelu(x + at, y + at, n, line);
            case ADD_RELU -> VectorPlanes.normalizeAddRelu(x + at, residual + at, y + at, n, line);
        }
    }

    static Line line(BatchNorm norm, Affine affine, ChannelStatistics statistics, int channel) {
        float scale = norm.rstd(statistics.variance().getFloat(channel)) * Sizes.get(affine.gamma(), channel, 1);
        return new Line(statistics.mean().getFloat(channel), scale, Sizes.get(affine.beta(), channel, 0));
    }
}
