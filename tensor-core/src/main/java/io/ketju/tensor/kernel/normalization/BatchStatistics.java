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
    /** Planes whose moments are made together. */
    private static final int PLANES = 4;

    private final BatchNorm norm;
    private final Moments[] channels;

    public BatchStatistics(BatchNorm norm) {
        if (norm.spatial() < 2) {
            throw new IllegalArgumentException("expected planes of more than one element, found " + norm);
        }
        this.norm = norm;
        channels = Moments.create(norm.channels());
    }

    /** Adds samples; x is the address of the first, and they follow those of earlier calls. */
    public void add(TileRunner tiles, long x, int samples) {
        Ranges.rows(tiles, norm.channels(), samples * norm.spatial(), (from, to) -> {
            VectorRuns runs = new VectorRuns();
            for (int channel = from; channel < to; channel++) {
                add(runs, x, samples, channel);
            }
        });
    }

    private void add(VectorRuns runs, long x, int samples, int channel) {
        Moments[] planes = Moments.create(Math.min(PLANES, samples));
        long stride = (long) norm.channels() * norm.spatial() * BYTES;
        for (int sample = 0; sample < samples; sample += PLANES) {
            int count = Math.min(PLANES, samples - sample);
            planes = count == planes.length ? planes : Moments.create(count);
            runs.moments(x + (long) norm.plane(sample, channel) * BYTES, stride, norm.spatial(), planes);
            for (Moments plane : planes) {
                channels[channel].merge(plane);
            }
        }
    }

    /** Mean and biased variance of all samples so far. */
    public void write(ChannelStatistics statistics) {
        for (int channel = 0; channel < channels.length; channel++) {
            statistics.mean().setFloat(channel, channels[channel].mean());
            statistics.variance().setFloat(channel, channels[channel].variance());
        }
    }
}
