package io.ketju.layers.loss;

import java.util.List;

/** Mean size of the difference between outputs and targets, in the targets' unit. */
record MeanAbsoluteError() implements Metric {
    @Override
    public String name() {
        return "mae";
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
