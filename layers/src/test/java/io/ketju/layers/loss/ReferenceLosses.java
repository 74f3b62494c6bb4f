package io.ketju.layers.loss;

import io.ketju.tensor.Shape;
import io.ketju.tensor.Tensor;

/** The losses again, in double precision and as plainly as possible. */
final class ReferenceLosses {
    private ReferenceLosses() {}

    /** Sum of all losses, not divided. */
    static double sum(Loss loss, Shape shape, double[] x, Tensor target) {
        return switch (loss) {
            case CrossEntropyLoss cross -> {
                ClassTargets classes =
                        new ClassTargets("CrossEntropyLoss", cross.weight(), cross.ignoreIndex(), cross.classDim());
                yield classes(classes, shape, x, target, true, cross.labelSmoothing());
            }
            case NLLLoss nll -> {
                ClassTargets classes = new ClassTargets("NLLLoss", nll.weight(), nll.ignoreIndex(), nll.classDim());
                yield classes(classes, shape, x, target, false, 0);
            }
            default -> {
                double sum = 0;
                for (int i = 0; i < x.length; i++) {
                    sum += pointwise(loss, x[i], target.getFloat(i), i % shape.dimension(-1));
                }
                yield sum;
            }
        };
    }

    private static double classes(
            ClassTargets loss, Shape shape, double[] x, Tensor target, boolean logits, double smoothing) {
        int classes = shape.dimension(loss.classDim());
        int positions = loss.classDim() == 1 ? x.length / classes / shape.dimension(0) : 1;
        double sum = 0;
        for (int i = 0; i < target.elements(); i++) {
            if (target.getInt(i) == loss.ignoreIndex()) {
                continue;
            }
            double[] row = new double[classes];
            double total = 0;
            for (int c = 0; c < classes; c++) {
                row[c] = x[(i / positions * classes + c) * positions + i % positions];
                total += Math.exp(row[c]);
            }
            double log = logits ? Math.log(total) : 0;
            for (int c = 0; c < classes; c++) {
                double share = smoothing / classes + (c == target.getInt(i) ? 1 - smoothing : 0);
                double weight = loss.weight().isEmpty() ? 1 : loss.weight().get(c);
                sum += share * weight * (log - row[c]);
            }
        }
        return sum;
    }

    private static double pointwise(Loss loss, double x, double t, int column) {
        double size = Math.abs(x - t);
        return switch (loss) {
            case MSELoss() -> size * size;
            case L1Loss() -> size;
            case SmoothL1Loss smooth ->
                size < smooth.beta() ? size * size / (2 * smooth.beta()) : size - smooth.beta() / 2;
            case HuberLoss huber ->
                size <= huber.delta() ? size * size / 2 : huber.delta() * (size - huber.delta() / 2);
            case BCEWithLogitsLoss bce -> {
                double weight = bce.posWeight().isEmpty() ? 1 : bce.posWeight().get(column);
                double p = 1 / (1 + Math.exp(-x));
                yield -(weight * t * Math.log(p) + (1 - t) * Math.log(1 - p));
            }
            default -> throw new IllegalArgumentException("no reference for " + loss);
        };
    }
}
