package io.ketju.layers.loss;

import io.ketju.layers.spec.Description;
import java.util.List;

/** The mean cross-entropy in bits: what a token costs, which is a character where tokens are such (Graves 2013). */
record BitsPerCharacter() implements Metric {
    static final Description DESCRIPTION = Description.of(
                    "bits_per_character", "How many bits a token costs: a character where tokens are such")
            .formula("loss / ln 2")
            .shapes("of losses of class indexes without label smoothing")
            .source("Graves 2013, Generating Sequences With Recurrent Neural Networks");

    private static final double BIT = StrictMath.log(2);

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
        return MetricSums.mean(sums) / BIT;
    }
}
