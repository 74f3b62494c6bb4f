package io.ketju.layers.loss;

import io.ketju.tensor.Tensor;
import java.util.List;

/** The sums that more than one metric needs, in double precision and in the order of the elements. */
final class MetricSums {
    /** Adds up something of a difference. */
    interface OfDifference {
        double of(double difference);
    }

    private MetricSums() {}

    /** The sum over all elements and their number. */
    static double[] ofDifferences(MetricPass pass, OfDifference term) {
        Tensor outputs = pass.input();
        Tensor targets = pass.target();
        double sum = 0;
        for (int i = 0; i < outputs.elements(); i++) {
            sum += term.of((double) outputs.getFloat(i) - targets.getFloat(i));
        }
        return new double[] {sum, outputs.elements()};
    }

    /** The first sum divided by the second. */
    static double mean(List<Double> sums) {
        return sums.get(0) / sums.get(1);
    }

    /** Whether a logit says that its label is true: more probable than not. */
    static boolean says(float logit) {
        return logit > 0;
    }

    /** Whether a target, which may be a probability, counts as true. */
    static boolean holds(float target) {
        return target > 0.5f;
    }
}
