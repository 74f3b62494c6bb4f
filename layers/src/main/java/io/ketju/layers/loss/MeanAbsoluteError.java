package io.ketju.layers.loss;

import io.ketju.layers.spec.Description;
import java.util.List;

/** Mean size of the difference between outputs and targets, in the targets' unit. */
record MeanAbsoluteError() implements Metric {
    static final Description DESCRIPTION = Description.of("mae", "Mean size of the difference")
            .formula("Σ |x - t| / elements")
            .shapes("of losses of each element");

    @Override
    public String name() {
        return DESCRIPTION.name();
    }

    @Override
    public double[] measure(MetricPass pass) {
        return MetricSums.ofDifferences(pass, Math::abs);
    }

    @Override
    public double value(List<Double> sums) {
        return MetricSums.mean(sums);
    }
}
