package io.ketju.tensor.kernel.loss;

import io.ketju.tensor.Tensor;
import java.util.Arrays;

/**
 * Connectionist temporal classification (Graves et al. 2006): the negative logarithm of the probability of all paths through
 * the steps that become the labels when repetitions and blanks are left out. Forward and backward variables of section 4.1 are
 * logarithms in double precision. The gradient is the derivative by the log-probabilities, minus the probability that a
 * path is there; behind log-softmax it makes the same gradient as PyTorch's, which has the softmax in it already.
 *
 * @param options blank, what is done about impossible labels, and scale
 * @param x log-probabilities [rows, steps, classes]
 * @param labels what is to be read
 * @param losses [rows]; infinite where no path has the labels
 * @param dx [rows, steps, classes]
 */
public record CtcRows(Options options, Tensor x, Labels labels, Tensor losses, Tensor dx) implements RowLoss {
    /**
     * What it can be told.
     *
     * @param blank class that stands for no label
     * @param zeroInfinity whether rows that have no path have loss 0 instead of an infinite one
     * @param divide whether losses are divided by the number of labels, at least 1
     * @param scale factor of the gradient
     */
    public record Options(int blank, boolean zeroInfinity, boolean divide, double scale) {}

    /**
     * What is to be read.
     *
     * @param labels INT32 [rows, most labels]
     * @param steps INT32 [rows]: how many steps of x count
     * @param lengths INT32 [rows]: how many labels count
     */
    public record Labels(Tensor labels, Tensor steps, Tensor lengths) {}

    @Override
    public int rows() {
        return losses.elements();
    }

    @Override
    public int columns() {
        return x.elements() / Math.max(1, rows())
                + labels.labels.shape().dimension(1) * x.shape().dimension(1);
    }

    @Override
    public void run(int from, int to) {
        for (int row = from; row < to; row++) {
            row(row);
        }
    }

    private void row(int row) {
        int classes = x.shape().dimension(2);
        int start = row * x.shape().dimension(1) * classes;
        int[] path = path(row);
        int steps = labels.steps.getInt(row);
        for (int i = start; i < start + x.shape().dimension(1) * classes; i++) {
            dx.setFloat(i, 0);
        }
        double share = options.divide ? 1.0 / Math.max(1, labels.lengths.getInt(row)) : 1;
        double[][] after = backward(path, start, steps, classes);
        double[] before = new double[path.length];
        double total = steps == 0 ? (path.length == 1 ? 0 : Double.NEGATIVE_INFINITY) : Double.NaN;
        for (int t = 0; t < steps; t++) {
            before = t == 0 ? first(path, start) : next(before, path, start + t * classes);
            if (t == 0) {
                total = total(before, after[0]);
            }
            if (total > Double.NEGATIVE_INFINITY) {
                gradients(before, after[t], path, start + t * classes, total, share * options.scale);
            }
        }
        boolean none = total == Double.NEGATIVE_INFINITY && options.zeroInfinity;
        losses.setFloat(row, none || total == 0 ? 0 : (float) (-total * share));
    }

    /** The labels with blanks between and around them. */
    private int[] path(int row) {
        int length = labels.lengths.getInt(row);
        int most = labels.labels.shape().dimension(1);
        int[] path = new int[2 * length + 1];
        Arrays.fill(path, options.blank);
        for (int i = 0; i < length; i++) {
            path[2 * i + 1] = labels.labels.getInt(row * most + i);
        }
        return path;
    }

    private double[] first(int[] path, int at) {
        double[] before = new double[path.length];
        Arrays.fill(before, Double.NEGATIVE_INFINITY);
        for (int s = 0; s < Math.min(2, path.length); s++) {
            before[s] = x.getFloat(at + path[s]);
        }
        return before;
    }

    private double[] next(double[] before, int[] path, int at) {
        double[] next = new double[path.length];
        for (int s = 0; s < path.length; s++) {
            double sum = s == 0 ? before[0] : logOfSum(before[s], before[s - 1]);
            if (skips(path, s)) {
                sum = logOfSum(sum, before[s - 2]);
            }
            next[s] = sum + x.getFloat(at + path[s]);
        }
        return next;
    }

    /** Probability of the rest behind each step and place, the step itself not in it. */
    private double[][] backward(int[] path, int start, int steps, int classes) {
        double[][] after = new double[steps][path.length];
        for (int t = steps - 1; t >= 0; t--) {
            for (int s = 0; s < path.length; s++) {
                if (t == steps - 1) {
                    after[t][s] = s >= path.length - 2 ? 0 : Double.NEGATIVE_INFINITY;
                    continue;
                }
                int at = start + (t + 1) * classes;
                double sum = after[t + 1][s] + x.getFloat(at + path[s]);
                if (s + 1 < path.length) {
                    sum = logOfSum(sum, after[t + 1][s + 1] + x.getFloat(at + path[s + 1]));
                }
                if (s + 2 < path.length && skips(path, s + 2)) {
                    sum = logOfSum(sum, after[t + 1][s + 2] + x.getFloat(at + path[s + 2]));
                }
                after[t][s] = sum;
            }
        }
        return after;
    }

    /** Whether a place can come right behind the one before the blank: another label than that. */
    private boolean skips(int[] path, int s) {
        return s >= 2 && path[s] != options.blank && path[s] != path[s - 2];
    }

    private void gradients(double[] before, double[] after, int[] path, int at, double total, double scale) {
        double[] sums = new double[x.shape().dimension(2)];
        for (int s = 0; s < path.length; s++) {
            sums[path[s]] += StrictMath.exp(before[s] + after[s] - total);
        }
        for (int c = 0; c < sums.length; c++) {
            dx.setFloat(at + c, (float) (-sums[c] * scale));
        }
    }

    private static double total(double[] before, double[] after) {
        double total = Double.NEGATIVE_INFINITY;
        for (int s = 0; s < before.length; s++) {
            total = logOfSum(total, before[s] + after[s]);
        }
        return total;
    }

    private static double logOfSum(double a, double b) {
        double larger = Math.max(a, b);
        return larger == Double.NEGATIVE_INFINITY
                ? larger
                : larger + StrictMath.log1p(StrictMath.exp(Math.min(a, b) - larger));
    }
}
