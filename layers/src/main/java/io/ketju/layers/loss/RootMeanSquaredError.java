package io.ketju.layers.loss;

import io.ketju.layers.spec.Description;
import java.util.List;

/** Root of the mean squared difference between outputs and targets, in the targets' unit. */
record RootMeanSquaredError() implements Metric {
    static final Description DESCRIPTION = Description.of("rmse", "Root of the mean square of the difference")
            .formula("√(Σ (x - t)² / elements)")
            .shapes("of losses of each element");

    @Override
    public String name() {
        return DESCRIPTION.name();
    }

    @Override
    public double[] measure(MetricPass pass) {
        return MetricSums.ofDifferences(pass, difference -> difference * difference);
    }

    @Override
    public double value(List<Double> sums) {
        return Math.sqrt(MetricSums.mean(sums));
    }
}
