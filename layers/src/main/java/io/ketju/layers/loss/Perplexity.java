package io.ketju.layers.loss;

import java.util.List;

/** {@code exp} of the mean cross-entropy: how many equally likely classes the model hesitates between (Jelinek et al. 1977). */
record Perplexity() implements Metric {
    @Override
    public String name() {
        return "perplexity";
    }

    @Override
    public double[] measure(MetricPass pass) {
        return new double[] {pass.lossSum(), pass.weight()};
    }

    @Override
    public double value(List<Double> sums) {
        return Math.exp(MetricSums.mean(sums));
    }
}
