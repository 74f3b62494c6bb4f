package io.ketju.tensor.kernel.loss;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.simd.Operands;

/**
 * Triplet margin losses: {@code max(0, margin + d(a, p) - d(a, n))} with the distance {@code d(u, v) = ‖u - v + epsilon‖} of
 * power p; with a swap, {@code d(a, n)} is the smaller of it and {@code d(p, n)} (Balntas et al. 2016).
 *
 * @param options margin, power, epsilon, swap and scale
 * @param x anchors, positives and negatives, [rows, columns] each
 * @param losses [rows]
 * @param dx their gradients
 */
public record TripletRows(Options options, Triple x, Tensor losses, Triple dx) implements RowLoss {
    /**
     * What it can be told.
     *
     * @param margin by how much the negative is to be farther away
     * @param power of the norm, above 0
     * @param epsilon is added to each difference
     * @param swap whether the distance of positive and negative counts where it is smaller
     * @param scale factor of the gradient
     */
    public record Options(double margin, double power, double epsilon, boolean swap, double scale) {}

    /**
     * Three tensors of one shape.
     *
     * @param anchor a, [rows, columns]
     * @param positive p, what is to be near
     * @param negative n, what is to be far
     */
    public record Triple(Tensor anchor, Tensor positive, Tensor negative) {
        /**
         * Checks that they have equally many elements.
         *
         * @throws IllegalArgumentException if they have not
         */
        public Triple {
            Operands.elements(anchor, positive, negative);
        }
    }

    @Override
    public int rows() {
        return Operands.rows(x.anchor);
    }

    @Override
    public int columns() {
        return 3 * Operands.columns(x.anchor);
    }

    @Override
    public void run(int from, int to) {
        int columns = Operands.columns(x.anchor);
        for (int row = from; row < to; row++) {
            row(row, row * columns, columns);
        }
    }

    private void row(int row, int start, int columns) {
        double near = distance(x.anchor, x.positive, start, columns);
        double far = distance(x.anchor, x.negative, start, columns);
        double other = options.swap ? distance(x.positive, x.negative, start, columns) : far;
        boolean swapped = other < far;
        double loss = options.margin + near - (swapped ? other : far);
        boolean counts = loss >= 0;
        losses.setFloat(row, counts ? (float) loss : 0);
        for (int i = start; i < start + columns; i++) {
            double ofNear = counts ? slope(x.anchor, x.positive, i, near) : 0;
            double ofFar = counts ? slope(swapped ? x.positive : x.anchor, x.negative, i, swapped ? other : far) : 0;
            dx.anchor.setFloat(i, scaled(swapped ? ofNear : ofNear - ofFar));
            dx.positive.setFloat(i, scaled(swapped ? -ofNear - ofFar : -ofNear));
            dx.negative.setFloat(i, scaled(ofFar));
        }
    }

    private float scaled(double gradient) {
        return (float) (gradient * options.scale);
    }

    private double distance(Tensor u, Tensor v, int start, int columns) {
        double sum = 0;
        for (int i = start; i < start + columns; i++) {
            double size = Math.abs(difference(u, v, i));
            sum += options.power == 1 ? size : options.power == 2 ? size * size : StrictMath.pow(size, options.power);
        }
        return options.power == 1 ? sum : options.power == 2 ? Math.sqrt(sum) : StrictMath.pow(sum, 1 / options.power);
    }

    /** The derivative of a distance by an element of its first row. */
    private double slope(Tensor u, Tensor v, int i, double distance) {
        double difference = difference(u, v, i);
        if (options.power == 1) {
            return Math.signum(difference);
        }
        if (distance == 0) {
            return 0;
        }
        double ratio = difference / distance;
        return options.power == 2 ? ratio : Math.signum(ratio) * StrictMath.pow(Math.abs(ratio), options.power - 1);
    }

    private double difference(Tensor u, Tensor v, int i) {
        return (double) u.getFloat(i) - v.getFloat(i) + options.epsilon;
    }
}
