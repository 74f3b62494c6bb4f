package io.ketju.tensor.kernel.normalization;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.Affine;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.BatchPart;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.ChannelStatistics;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.PlaneSums;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Batch normalization as plain loops. */
final class ScalarBatchNorm {
    private ScalarBatchNorm() {}

    static void statistics(BatchNorm norm, Tensor x, ChannelStatistics statistics) {
        ScalarRuns runs = new ScalarRuns();
        Moments plane = new Moments();
        for (int channel = 0; channel < norm.channels(); channel++) {
            Moments all = new Moments();
            if (norm.spatial() == 1) {
                column(norm, x, channel, all);
            } else {
                for (int sample = 0; sample < norm.samples(); sample++) {
                    runs.moments(x, norm.plane(sample, channel), norm.spatial(), plane);
                    all.merge(plane);
                }
            }
            statistics.mean().setFloat(channel, all.mean());
            statistics.variance().setFloat(channel, all.variance());
        }
    }

    /** Planes of one element: plain sums over blocks of samples. */
    private static void column(BatchNorm norm, Tensor x, int channel, Moments into) {
        for (int from = 0; from < norm.samples(); from += Sizes.SAMPLES) {
            int to = Math.min(norm.samples(), from + Sizes.SAMPLES);
            float total = 0;
            for (int sample = from; sample < to; sample++) {
                total += x.getFloat(norm.plane(sample, channel));
            }
            float pivot = total / (to - from);
            float sum = 0;
            float squares = 0;
            for (int sample = from; sample < to; sample++) {
                float deviation = x.getFloat(norm.plane(sample, channel)) - pivot;
                sum += deviation;
                squares = Math.fma(deviation, deviation, squares);
            }
            into.add(to - from, pivot, sum, squares);
        }
    }

    static void statistics(BatchNorm norm, PlaneSums planes, ChannelStatistics statistics) {
        for (int channel = 0; channel < norm.channels(); channel++) {
            Sums total = new Sums(0, 0);
            for (int sample = 0; sample < norm.samples(); sample++) {
                int at = sample * norm.channels() + channel;
                total = total.plus(planes.sums().getFloat(at), planes.squares().getFloat(at));
            }
            double shift = total.sum() / norm.count();
            double variance = Math.max(0, total.product() / norm.count() - shift * shift);
            statistics.mean().setFloat(channel, (float) (planes.shift().getFloat(channel) + shift));
            statistics.variance().setFloat(channel, (float) variance);
        }
    }

    static void commit(double momentum, List<BatchPart> parts, ChannelStatistics running) {
        long n = parts.stream().mapToLong(part -> part.norm().count()).sum();
        if (n < 2) {
            throw new IllegalArgumentException("the unbiased variance needs more than one value per channel, got " + n);
        }
        parts.forEach(part -> Sizes.require(part.norm(), part.statistics()));
        parts.forEach(part -> Sizes.require(part.norm(), running));
        for (int channel = 0; channel < parts.getFirst().norm().channels(); channel++) {
            Moments all = new Moments();
            for (BatchPart part : parts) {
                int count = part.norm().count();
                double variance = part.statistics().variance().getFloat(channel);
                all.merge(count, part.statistics().mean().getFloat(channel), variance * count);
            }
            move(running.mean(), channel, momentum, all.exactMean());
            move(running.variance(), channel, momentum, all.unbiasedVariance());
        }
    }

    private static void move(Tensor running, int channel, double momentum, double target) {
        running.setFloat(channel, (float) Math.fma(momentum, target, (1 - momentum) * running.getFloat(channel)));
    }

    static void normalize(
            BatchNorm norm, Affine affine, Tensor x, @Nullable Tensor residual, ChannelStatistics given, Tensor y) {
        for (int i = 0; i < norm.elements(); i++) {
            int channel = i / norm.spatial() % norm.channels();
            float value = value(norm, affine, given, channel, x.getFloat(i));
            if (residual != null) {
                value += residual.getFloat(i);
            }
            boolean cut = norm.epilogue() != BatchNorm.Epilogue.NONE && value <= 0;
            y.setFloat(i, cut ? 0 : value);
        }
    }

    /** The normalized value before the residual. */
    static float value(BatchNorm norm, Affine affine, ChannelStatistics given, int channel, float x) {
        float scale = norm.rstd(given.variance().getFloat(channel)) * Sizes.get(affine.gamma(), channel, 1);
        return Math.fma(x - given.mean().getFloat(channel), scale, Sizes.get(affine.beta(), channel, 0));
    }
}
