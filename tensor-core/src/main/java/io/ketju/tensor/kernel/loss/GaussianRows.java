package io.ketju.tensor.kernel.loss;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.simd.FloatMath;
import io.ketju.tensor.simd.Operands;

/**
 * Negative log-likelihood of normal distributions of expected values x and variances v: {@code (log(v) + (x - t)² / v) / 2},
 * v at least epsilon, whose gradient is that of the raised one, as in PyTorch.
 *
 * @param options epsilon, constant and scale
 * @param x expected values, [rows, columns]
 * @param variance [rows, columns], or [rows, 1] for one of each row
 * @param operands targets and losses [rows, columns], and the gradients, of the shapes of x and variance
 */
public record GaussianRows(Options options, Tensor x, Tensor variance, Others operands) implements RowLoss {
    /**
     * What it can be told.
     *
     * @param epsilon least variance
     * @param full whether {@code log(2π) / 2} is added
     * @param scale factor of the gradient
     */
    public record Options(double epsilon, boolean full, double scale) {}

    /**
     * What is read beside the model's outputs, and what is written.
     *
     * @param targets t, [rows, columns]
     * @param losses overwritten, [rows, columns]
     * @param dx overwritten, of the shape of x
     * @param dvariance overwritten, of the shape of the variance; a shared one has the sum of its row
     */
    public record Others(Tensor targets, Tensor losses, Tensor dx, Tensor dvariance) {}

    private static final double HALF_LOG_TWO_PI = 0.9189385332046727;

    @Override
    public int rows() {
        return Operands.rows(x);
    }

    @Override
    public int columns() {
        return Operands.columns(x);
    }

    @Override
    public void run(int from, int to) {
        int columns = columns();
        boolean shared = variance.elements() != x.elements();
        for (int row = from; row < to; row++) {
            double sum = 0;
            for (int c = 0; c < columns; c++) {
                int at = row * columns + c;
                double gradient = element(at, shared ? row : at);
                sum = shared ? sum + gradient : gradient;
                if (!shared) {
                    operands.dvariance.setFloat(at, (float) (sum * options.scale));
                }
            }
            if (shared) {
                operands.dvariance.setFloat(row, (float) (sum * options.scale));
            }
        }
    }

    /** The derivative by the variance. */
    private double element(int at, int of) {
        float v = Math.max(variance.getFloat(of), (float) options.epsilon);
        double difference = (double) x.getFloat(at) - operands.targets.getFloat(at);
        double ratio = difference / v;
        double loss = 0.5 * (FloatMath.log(v) + difference * ratio) + (options.full ? HALF_LOG_TWO_PI : 0);
        operands.losses.setFloat(at, (float) loss);
        operands.dx.setFloat(at, (float) (ratio * options.scale));
        return 0.5 * (1.0 / v - ratio * ratio);
    }
}
