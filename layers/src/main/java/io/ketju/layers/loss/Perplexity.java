package io.ketju.layers.loss;

import io.ketju.layers.spec.Description;
import java.util.List;

/** {@code exp} of the mean cross-entropy: how many equally likely classes the model hesitates between (Jelinek et al. 1977). */
// region metric
record Perplexity() implements Metric {
    static final Description DESCRIPTION = Description.of("perplexity", "How many classes the model is as unsure as")
            .formula("e^loss")
            .shapes("of losses of class indexes without label smoothing");

    @Override
    public String name() {
        return DESCRIPTION.name();
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
// end region
