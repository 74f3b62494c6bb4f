package io.ketju.tensor.kernel.normalization;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.Affine;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.Gradients;
import io.ketju.tensor.kernel.normalization.NormalizationKernels.RowStatistics;
import org.jspecify.annotations.Nullable;

/** Layer normalization, and RMSNorm as layer normalization with a mean of 0, as plain loops. */
final class ScalarRowNorm {
    private final ScalarRuns runs = new ScalarRuns();
    private final RowNorm norm;
    private final @Nullable Tensor mean;
    private final Tensor rstd;
    private final Tensor x;

    /** Of RMSNorm if the mean is absent. */
    ScalarRowNorm(RowNorm norm, @Nullable Tensor mean, Tensor rstd, Tensor x) {
        this.norm = norm;
        this.mean = mean;
        this.rstd = rstd;
        this.x = x;
    }

    static ScalarRowNorm layer(RowNorm norm, RowStatistics saved, Tensor x) {
        return new ScalarRowNorm(norm, saved.mean(), saved.rstd(), x);
    }

    void forward(Affine affine, Tensor y) {
        for (int row = 0; row < norm.rows(); row++) {
            statistics(row);
            for (int column = 0; column < norm.columns(); column++) {
                float gamma = Sizes.get(affine.gamma(), column, 1);
                float beta = Sizes.get(affine.beta(), column, 0);
                y.setFloat(row * norm.columns() + column, Math.fma(normalized(row, column), gamma, beta));
            }
        }
    }

    private void statistics(int row) {
        int columns = norm.columns();
        if (mean == null) {
            ScalarRuns.Elements value = i -> x.getFloat(row * columns + i);
            double squares = runs.sums(columns, i -> 0, value, value).product();
            rstd.setFloat(row, Sizes.rstd((float) (squares / columns), norm.epsilon()));
        } else {
            Moments moments = new Moments();
            runs.moments(x, row * columns, columns, moments);
            mean.setFloat(row, moments.mean());
            rstd.setFloat(row, Sizes.rstd(moments.variance(), norm.epsilon()));
        }
    }

    private float normalized(int row, int column) {
        return (x.getFloat(row * norm.columns() + column) - Sizes.get(mean, row, 0)) * rstd.getFloat(row);
    }

    void backward(@Nullable Tensor gamma, Tensor dy, Gradients gradients) {
        columns(dy, gradients);
        Tensor dx = gradients.dx();
        if (dx != null) {
            for (int row = 0; row < norm.rows(); row++) {
                inputGradient(row, gamma, dy, dx);
            }
        }
    }

    private void inputGradient(int row, @Nullable Tensor gamma, Tensor dy, Tensor dx) {
        int start = row * norm.columns();
        ScalarRuns.Elements g = i -> dy.getFloat(start + i) * Sizes.get(gamma, i, 1);
        Sums sums = runs.sums(norm.columns(), g, g, i -> normalized(row, i));
        float scale = rstd.getFloat(row);
        float c = mean == null ? 0 : (float) (scale * (sums.sum() / norm.columns()));
        float k = (float) (scale * (sums.product() / norm.columns()));
        for (int column = 0; column < norm.columns(); column++) {
            float value = Math.fma(-k, normalized(row, column), Math.fma(scale, g.at(column), -c));
            dx.setFloat(start + column, value);
        }
    }

    private void columns(Tensor dy, Gradients gradients) {
        for (int column = 0; column < norm.columns(); column++) {
            float dgamma = 0;
            float dbeta = 0;
            for (int from = 0; from < norm.rows(); from += Sizes.ROWS) {
                float product = 0;
                float sum = 0;
                for (int row = from; row < Math.min(norm.rows(), from + Sizes.ROWS); row++) {
                    float gradient = dy.getFloat(row * norm.columns() + column);
                    product = Math.fma(gradient, normalized(row, column), product);
                    sum += gradient;
                }
                dgamma = from == 0 ? product : dgamma + product;
                dbeta = from == 0 ? sum : dbeta + sum;
            }
            if (norm.rows() > 0) {
                Sizes.add(gradients.dgamma(), column, dgamma);
                Sizes.add(gradients.dbeta(), column, dbeta);
            }
        }
    }
}
