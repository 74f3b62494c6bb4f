package io.ketju.tensor.kernel.normalization;

import static io.ketju.tensor.simd.VectorMemory.address;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.Affine;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.ChannelStatistics;
import io.ketju.tensor.kernel.normalization.VectorPlanes.Line;
import io.ketju.tensor.simd.Ranges;
import io.ketju.tensor.simd.TileRunner;
import org.jspecify.annotations.Nullable;

/**
 * The forward pass of batch normalization. A tile works on whole channels, one after the other: statistics first, and
 * the second pass finds the channel in the cache unless it is very large.
 */
final class VectorBatchNorm {
    private static final long BYTES = Float.BYTES;
    /** Planes whose moments are made together. */
    private static final int PLANES = 4;

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
            VectorRuns runs = new VectorRuns();
            for (int channel = from; channel < to; channel++) {
                statistics(runs, channel);
            }
        });
    }

    void forward(TileRunner tiles, @Nullable Tensor residual, Tensor y) {
        long in = residual == null ? 0 : address(residual);
        long out = address(y);
        Ranges.rows(tiles, norm.channels(), norm.count(), (from, to) -> {
            VectorRuns runs = new VectorRuns();
            for (int channel = from; channel < to; channel++) {
                statistics(runs, channel);
                normalize(channel, in, out);
            }
        });
    }

    void normalize(TileRunner tiles, @Nullable Tensor residual, Tensor y) {
        long in = residual == null ? 0 : address(residual);
        long out = address(y);
        Ranges.rows(tiles, norm.channels(), norm.count(), (from, to) -> {
            for (int channel = from; channel < to; channel++) {
                normalize(channel, in, out);
            }
        });
    }

    private void statistics(VectorRuns runs, int channel) {
        Moments all = new Moments();
        Moments[] planes = Moments.create(PLANES);
        long stride = (long) norm.channels() * norm.spatial() * BYTES;
        for (int sample = 0; sample < norm.samples(); sample += PLANES) {
            int count = Math.min(PLANES, norm.samples() - sample);
            planes = count == PLANES ? planes : Moments.create(count);
            runs.moments(x + norm.plane(sample, channel) * BYTES, stride, norm.spatial(), planes);
            for (Moments plane : planes) {
                all.merge(plane);
            }
        }
        statistics.mean().setFloat(channel, all.mean());
        statistics.variance().setFloat(channel, all.variance());
    }

    private void normalize(int channel, long residual, long y) {
        Line line = line(norm, affine, statistics, channel);
        int n = norm.spatial();
        for (int sample = 0; sample < norm.samples(); sample++) {
            long at = norm.plane(sample, channel) * BYTES;
            switch (norm.epilogue()) {
                case NONE -> VectorPlanes.normalize(x + at, y + at, n, line);
                case RELU -> VectorPlanes.normalizeRelu(x + at, y + at, n, line);
                case ADD_RELU -> VectorPlanes.normalizeAddRelu(x + at, residual + at, y + at, n, line);
            }
        }
    }

    static Line line(BatchNorm norm, Affine affine, ChannelStatistics statistics, int channel) {
        float scale = norm.rstd(statistics.variance().getFloat(channel)) * Sizes.get(affine.gamma(), channel, 1);
        return new Line(statistics.mean().getFloat(channel), scale, Sizes.get(affine.beta(), channel, 0));
    }
}
