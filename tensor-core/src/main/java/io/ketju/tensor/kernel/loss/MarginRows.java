package io.ketju.tensor.kernel.loss;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.simd.Operands;
import org.jspecify.annotations.Nullable;

/**
 * Multi-class hinge losses of scores [rows, classes] with one right class each: {@code share · w[t] · sum over the other
 * classes of max(0, margin - x[t] + x)^p}; gradient of the losses multiplied by scale.
 *
 * @param options margin, power and what multiplies the sum
 * @param weight w of each class, [classes]; null for ones
 * @param x scores, [rows, classes]
 * @param targets INT32 [rows]
 * @param losses [rows]
 * @param dx [rows, classes]
 */
public record MarginRows(Options options, @Nullable Tensor weight, Tensor x, Tensor targets, Tensor losses, Tensor dx)
        implements RowLoss {
    /**
     * What a hinge loss can be told.
     *
     * @param margin by how much the right class is to be ahead
     * @param power 1 or 2
     * @param share what multiplies the sum: 1 divided by the number of classes, or 1
     * @param scale factor of the gradient; losses are not scaled
     */
    public record Options(double margin, int power, double share, double scale) {}

    /**
     * Checks that the operands fit together.
     *
     * @throws IllegalArgumentException if x and dx, targets and losses, or the rows of both differ in number
     */
    public MarginRows {
        Operands.classes(x, targets, losses, dx);
    }

    @Override
    public int rows() {
        return targets.elements();
    }

    @Override
    public int columns() {
        return Operands.columns(x);
    }

    @Override
    public void run(int from, int to) {
        for (int row = from; row < to; row++) {
            row(row, columns());
        }
    }

    private void row(int row, int classes) {
        int start = row * classes;
        int target = LossChecks.target(targets.getInt(row), row, classes);
        double share = options.share * (weight == null ? 1 : weight.getFloat(target));
        double offset = options.margin - x.getFloat(start + target);
        double sum = 0;
        double pull = 0;
        for (int c = 0; c < classes; c++) {
            double term = offset + x.getFloat(start + c);
            double slope = 0;
            if (c != target && term > 0) {
                sum += options.power == 1 ? term : term * term;
                slope = options.power == 1 ? 1 : 2 * term;
                pull += slope;
            }
            dx.setFloat(start + c, (float) (slope * share * options.scale));
        }
        dx.setFloat(start + target, (float) (-pull * share * options.scale));
        losses.setFloat(row, (float) (sum * share));
    }
}
