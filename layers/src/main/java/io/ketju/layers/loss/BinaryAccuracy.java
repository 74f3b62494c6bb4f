package io.ketju.layers.loss;

import io.ketju.layers.spec.Description;
import io.ketju.tensor.Tensor;
import java.util.List;

/** Share of the single labels, of all samples together, that are told right: a probability above 0.5 says true. */
record BinaryAccuracy() implements Metric {
    static final Description DESCRIPTION = Description.of("binary_accuracy", "Share of the labels that are told right")
            .formula("right / labels")
            .shapes("of BCEWithLogitsLoss");

    @Override
    public String name() {
        return DESCRIPTION.name();
    }

    @Override
    public boolean share() {
        return true;
    }

    @Override
    public double[] measure(MetricPass pass) {
        Tensor logits = pass.input();
        double right = 0;
        for (int i = 0; i < logits.elements(); i++) {
            boolean holds = MetricSums.holds(pass.target().getFloat(i));
            right += MetricSums.says(logits.getFloat(i)) == holds ? 1 : 0;
        }
        return new double[] {right, logits.elements()};
    }

    @Override
    public double value(List<Double> sums) {
        return MetricSums.mean(sums);
    }
}
