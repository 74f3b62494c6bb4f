package io.ketju.tensor.kernel.normalization;

import static io.ketju.tensor.simd.VectorMemory.address;
import static io.ketju.tensor.simd.VectorWidth.LANES;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.Affine;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.ChannelStatistics;
import io.ketju.tensor.kernel.normalization.VectorColumns.Strip;
import io.ketju.tensor.simd.Ranges;
import io.ketju.tensor.simd.TileRunner;
import org.jspecify.annotations.Nullable;

/** The forward pass of batch normalization of [samples, channels]: down strips of channels, one vector wide. */
final class VectorColumnNorm {
    private static final long BYTES = Float.BYTES;

    private final BatchNorm norm;
    private final Affine affine;
    private final ChannelStatistics statistics;
    private final long x;

    VectorColumnNorm(BatchNorm norm, Affine affine, ChannelStatistics statistics, Tensor x) {
        this.norm = norm;
        this.affine = affine;
        this.statistics = statistics;
        this.x = address(x);
    }

    /** Works on a strip that starts at a channel. */
    @FunctionalInterface
    interface StripTask {
        void run(int channel, Strip strip);
    }

    static void strips(TileRunner tiles, BatchNorm norm, StripTask task) {
        int strips = Math.ceilDiv(norm.channels(), LANES);
        Ranges.rows(tiles, strips, norm.samples() * LANES, (from, to) -> {
            for (int channel = from * LANES; channel < Math.min(norm.channels(), to * LANES); channel += LANES) {
                int columns = Math.min(LANES, norm.channels() - channel);
                task.run(channel, new Strip(norm.samples(), norm.channels() * BYTES, columns));
            }
        });
    }

    void statistics(TileRunner tiles) {
        strips(tiles, norm, this::statistics);
    }

    void forward(TileRunner tiles, @Nullable Tensor residual, Tensor y) {
        long in = residual == null ? 0 : address(residual);
        long out = address(y);
        strips(tiles, norm, (channel, strip) -> {
            statistics(channel, strip);
            normalize(channel, strip, in, out);
        });
    }

    void normalize(TileRunner tiles, @Nullable Tensor residual, Tensor y) {
        long in = residual == null ? 0 : address(residual);
        long out = address(y);
        strips(tiles, norm, (channel, strip) -> normalize(channel, strip, in, out));
    }

    private void statistics(int channel, Strip strip) {
        Moments[] moments = Moments.create(strip.columns());
        float[] pivot = VectorColumns.numbers();
        float[] sums = VectorColumns.numbers();
        float[] squares = VectorColumns.numbers();
        for (int from = 0; from < strip.rows(); from += Sizes.SAMPLES) {
            int n = Math.min(Sizes.SAMPLES, strip.rows() - from);
            Strip block = new Strip(n, strip.stride(), strip.columns());
            long start = x + channel * BYTES + from * strip.stride();
            VectorColumns.mean(start, block, pivot);
            VectorColumns.deviations(start, block, pivot, sums, squares);
            for (int i = 0; i < moments.length; i++) {
                moments[i].add(n, pivot[i], sums[i], squares[i]);
            }
        }
        for (int i = 0; i < moments.length; i++) {
            statistics.mean().setFloat(channel + i, moments[i].mean());
            statistics.variance().setFloat(channel + i, moments[i].variance());
        }
    }

    private void normalize(int channel, Strip strip, long residual, long y) {
        float[][] line = line(norm, affine, statistics, channel, strip.columns());
        long at = channel * BYTES;
        switch (norm.epilogue()) {
            case NONE -> VectorColumns.normalize(x + at, y + at, strip, line);
            case RELU -> VectorColumns.normalizeRelu(x + at, y + at, strip, line);
            case ADD_RELU -> VectorColumns.normalizeAddRelu(x + at, residual + at, y + at, strip, line);
        }
    }

    /** Mean, scale and beta of the channels of a strip. */
    static float[][] line(BatchNorm norm, Affine affine, ChannelStatistics statistics, int channel, int columns) {
        float[][] numbers = {VectorColumns.numbers(), VectorColumns.numbers(), VectorColumns.numbers()};
        for (int i = 0; i < columns; i++) {
            VectorPlanes.Line line = VectorBatchNorm.line(norm, affine, statistics, channel + i);
            numbers[0][i] = line.mean();
            numbers[1][i] = line.scale();
            numbers[2][i] = line.beta();
        }
        return numbers;
    }
}
