package io.ketju.layers.loss;

import java.util.List;

/** Root of the mean squared difference between outputs and targets, in the targets' unit. */
record RootMeanSquaredError() implements Metric {
    @Override
    public String name() {
        return "rmse";
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
