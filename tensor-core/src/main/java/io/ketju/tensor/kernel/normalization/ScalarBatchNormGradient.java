package io.ketju.tensor.kernel.normalization;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.Affine;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.BatchNormOperands;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.ChannelStatistics;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.Gradients;

/** The backward pass of batch normalization as plain loops. */
final class ScalarBatchNormGradient {
    private final ScalarRuns runs = new ScalarRuns();
    private final BatchNorm norm;
    private final Affine affine;
    private final ChannelStatistics given;
    private final BatchNormOperands operands;

    ScalarBatchNormGradient(BatchNorm norm, Affine affine, ChannelStatistics given, BatchNormOperands operands) {
        this.norm = norm;
        this.affine = affine;
        this.given = given;
        this.operands = operands;
    }

    void run(Gradients gradients, boolean training) {
        for (int channel = 0; channel < norm.channels(); channel++) {
            float rstd = norm.rstd(given.variance().getFloat(channel));
            float gamma = Sizes.get(affine.gamma(), channel, 1);
            Sums sums = norm.spatial() == 1 ? columnSums(channel) : planeSums(channel);
            Sizes.add(gradients.dbeta(), channel, (float) sums.sum());
            Sizes.add(gradients.dgamma(), channel, (float) (sums.product() * rstd));
            float mean = given.mean().getFloat(channel);
            Coefficients k = Coefficients.training(mean, rstd, gamma, norm.count(), sums);
            for (int sample = 0; sample < norm.samples(); sample++) {
                int plane = norm.plane(sample, channel);
                for (int i = plane; i < plane + norm.spatial(); i++) {
                    float g = g(channel, i);
                    float dx = training ? k.gradient(g, operands.x().getFloat(i)) : k.scale() * g;
                    set(operands.dresidual(), i, g);
                    set(gradients.dx(), i, dx);
                }
            }
        }
    }

    private Sums planeSums(int channel) {
        Sums sums = new Sums(0, 0);
        for (int sample = 0; sample < norm.samples(); sample++) {
            int plane = norm.plane(sample, channel);
            sums = sums.plus(runs.sums(
                    norm.spatial(),
                    i -> g(channel, plane + i),
                    i -> g(channel, plane + i),
                    i -> deviation(channel, plane + i)));
        }
        return sums;
    }

    private Sums columnSums(int channel) {
        Sums sums = new Sums(0, 0);
        for (int from = 0; from < norm.samples(); from += Sizes.SAMPLES) {
            float sum = 0;
            float product = 0;
            for (int sample = from; sample < Math.min(norm.samples(), from + Sizes.SAMPLES); sample++) {
                int i = norm.plane(sample, channel);
                sum += g(channel, i);
                product = Math.fma(g(channel, i), deviation(channel, i), product);
            }
            sums = sums.plus(sum, product);
        }
        return sums;
    }

    private float deviation(int channel, int index) {
        return operands.x().getFloat(index) - given.mean().getFloat(channel);
    }

    /** dy where the epilogue lets it through. */
    private float g(int channel, int index) {
        float dy = operands.dy().getFloat(index);
        Tensor y = operands.y();
        return switch (norm.epilogue()) {
            case NONE -> dy;
            case RELU ->
                ScalarBatchNorm.value(norm, affine, given, channel, operands.x().getFloat(index)) > 0 ? dy : 0;
            case ADD_RELU -> Sizes.get(y, index, 0) > 0 ? dy : 0;
        };
    }

    private static void set(@org.jspecify.annotations.Nullable Tensor tensor, int index, float value) {
        if (tensor != null) {
            tensor.setFloat(index, value);
        }
    }
}
