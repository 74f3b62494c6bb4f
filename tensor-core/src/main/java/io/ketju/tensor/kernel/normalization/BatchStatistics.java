package io.ketju.tensor.kernel.normalization;

import io.ketju.tensor.kernel.normalization.NormalizationKernels.ChannelStatistics;
import io.ketju.tensor.simd.Ranges;
import io.ketju.tensor.simd.TileRunner;

/**
 * The statistics of {@link NormalizationKernels#batchNormStatistics}, with the same bits, of samples that come a few at a
 * time: for kernels that have just written them. Only for planes of more than one element.
 */
public final class BatchStatistics {
    private static final long BYTES = Float.BYTES;

    private final BatchNorm norm;
    private final Moments[] channels;

    /**
     * Without samples yet.
     *
     * @param norm sizes; its channels and planes count, its samples do not
     * @throws IllegalArgumentException if planes have one element
     */
    public BatchStatistics(BatchNorm norm) {
        if (norm.spatial() < 2) {
            throw new IllegalArgumentException("expected planes of more than one element, found " + norm);
        }
        this.norm = norm;
        channels = Moments.create(norm.channels());
    }

    /**
     * Adds samples, which follow those of earlier calls. One thread calls it.
     *
     * @param tiles the pool that shares the channels
     * @param x address of the first sample, [samples, channels, spatial]
     * @param samples how many
     */
    public void add(TileRunner tiles, long x, int samples) {
        long plane = norm.spatial() * BYTES;
        Ranges.rows(tiles, norm.channels(), samples * norm.spatial(), (from, to) -> {
            VectorRuns runs = new VectorRuns();
            for (int channel = from; channel < to; channel++) {
                runs.merge(x + channel * plane, norm.channels() * plane, samples, norm.spatial(), channels[channel]);
            }
        });
    }

    /**
     * Gives mean and biased variance of all samples so far.
     *
     * @param statistics overwritten
     */
    public void write(ChannelStatistics statistics) {
        for (int channel = 0; channel < channels.length; channel++) {
            statistics.mean().setFloat(channel, channels[channel].mean());
            statistics.variance().setFloat(channel, channels[channel].variance());
        }
    }
}
