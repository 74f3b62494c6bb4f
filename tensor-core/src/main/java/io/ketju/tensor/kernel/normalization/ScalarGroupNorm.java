package io.ketju.tensor.kernel.normalization;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.Affine;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.Gradients;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.RowStatistics;
import org.jspecify.annotations.Nullable;

/** Group normalization as plain loops. */
final class ScalarGroupNorm {
    private final GroupNorm norm;
    private final RowStatistics saved;
    private final Tensor x;

    ScalarGroupNorm(GroupNorm norm, RowStatistics saved, Tensor x) {
        this.norm = norm;
        this.saved = saved;
        this.x = x;
    }

    void forward(Affine affine, Tensor y) {
        ScalarRuns runs = new ScalarRuns();
        Moments moments = new Moments();
        for (int row = 0; row < norm.rows(); row++) {
            runs.moments(x, row * norm.count(), norm.count(), moments);
            saved.mean().setFloat(row, moments.mean());
            saved.rstd().setFloat(row, Sizes.rstd(moments.variance(), norm.epsilon()));
        }
        for (int i = 0; i < norm.elements(); i++) {
            int channel = i / norm.spatial() % norm.channels();
            int row = i / norm.count();
            float scale = saved.rstd().getFloat(row) * Sizes.get(affine.gamma(), channel, 1);
            float deviation = x.getFloat(i) - saved.mean().getFloat(row);
            y.setFloat(i, Math.fma(deviation, scale, Sizes.get(affine.beta(), channel, 0)));
        }
    }

    void backward(@Nullable Tensor gamma, Tensor dy, Gradients gradients) {
        Sums[] planes = planeSums(dy);
        for (int channel = 0; channel < norm.channels(); channel++) {
            Sums total = new Sums(0, 0);
            for (int plane = channel; plane < planes.length; plane += norm.channels()) {
                float rstd = saved.rstd().getFloat(plane / norm.width());
                total = total.plus(planes[plane].sum(), planes[plane].product() * rstd);
            }
            Sizes.add(gradients.dbeta(), channel, (float) total.sum());
            Sizes.add(gradients.dgamma(), channel, (float) total.product());
        }
        Tensor dx = gradients.dx();
        if (dx != null) {
            for (int plane = 0; plane < planes.length; plane++) {
                Coefficients k = coefficients(planes, plane, gamma);
                for (int i = plane * norm.spatial(); i < (plane + 1) * norm.spatial(); i++) {
                    dx.setFloat(i, k.gradient(dy.getFloat(i), x.getFloat(i)));
                }
            }
        }
    }

    private Sums[] planeSums(Tensor dy) {
        ScalarRuns runs = new ScalarRuns();
        Sums[] sums = new Sums[norm.samples() * norm.channels()];
        for (int plane = 0; plane < sums.length; plane++) {
            float mean = saved.mean().getFloat(plane / norm.width());
            int start = plane * norm.spatial();
            sums[plane] = runs.sums(
                    norm.spatial(),
                    i -> dy.getFloat(start + i),
                    i -> dy.getFloat(start + i),
                    i -> x.getFloat(start + i) - mean);
        }
        return sums;
    }

    private Coefficients coefficients(Sums[] planes, int plane, @Nullable Tensor gamma) {
        int row = plane / norm.width();
        Sums group = new Sums(0, 0);
        for (int i = row * norm.width(); i < (row + 1) * norm.width(); i++) {
            float weight = Sizes.get(gamma, i % norm.channels(), 1);
            group = group.plus(planes[i].sum() * weight, planes[i].product() * weight);
        }
        float weight = Sizes.get(gamma, plane % norm.channels(), 1);
        return Coefficients.group(saved.mean().getFloat(row), saved.rstd().getFloat(row), weight, norm.count(), group);
    }
}
