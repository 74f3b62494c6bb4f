package io.ketju.tensor.kernel.loss;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.simd.Operands;

/**
 * Hinge losses of scores [rows, classes] with any number of right classes: the sum over right classes y and wrong classes c
 * of {@code max(0, 1 - x[y] + x[c])}, divided by the number of classes.
 *
 * @param x scores, [rows, classes]
 * @param targets INT32 [rows, classes]: the right classes, then -1
 * @param losses [rows]
 * @param dx [rows, classes]
 * @param scale factor of the gradient
 */
public record MultiLabelMarginRows(Tensor x, Tensor targets, Tensor losses, Tensor dx, double scale)
        implements RowLoss {
    /**
     * Checks that scores, targets and gradients are equally many.
     *
     * @throws IllegalArgumentException if they are not
     */
    public MultiLabelMarginRows {
        Operands.elements(x, targets, dx);
    }

    @Override
    public int rows() {
        return losses.elements();
    }

    @Override
    public int columns() {
        return Operands.columns(x);
    }

    @Override
    public void run(int from, int to) {
        boolean[] right = new boolean[columns()];
        int[] slopes = new int[columns()];
        for (int row = from; row < to; row++) {
            row(row, right, slopes);
        }
    }

    private void row(int row, boolean[] right, int[] slopes) {
        int classes = right.length;
        int start = row * classes;
        for (int c = 0; c < classes; c++) {
            right[c] = false;
            slopes[c] = 0;
        }
        int count = 0;
        while (count < classes && targets.getInt(start + count) >= 0) {
            right[LossChecks.target(targets.getInt(start + count), row, classes)] = true;
            count++;
        }
        double sum = 0;
        for (int i = 0; i < count; i++) {
            int target = targets.getInt(start + i);
            double offset = 1.0 - x.getFloat(start + target);
            for (int c = 0; c < classes; c++) {
                double term = offset + x.getFloat(start + c);
                if (!right[c] && term > 0) {
                    sum += term;
                    slopes[c]++;
                    slopes[target]--;
                }
            }
        }
        for (int c = 0; c < classes; c++) {
            dx.setFloat(start + c, (float) (slopes[c] * scale / classes));
        }
        losses.setFloat(row, (float) (sum / classes));
    }
}
