package io.ketju.layers.loss;

import io.ketju.layers.spec.Description;
import io.ketju.tensor.Tensor;
import java.util.List;

/**
 * Harmonic mean of precision and recall over the single labels of all samples together ("micro"): unlike an accuracy it says
 * something where most labels are false.
 */
record F1Score() implements Metric {
    static final Description DESCRIPTION = Description.of("f1", "Harmonic mean of precision and recall over all labels together")
            .formula("2 · both / (told + true)")
            .shapes("of BCEWithLogitsLoss");

    @Override
    public String name() {
        return DESCRIPTION.name();
    }

    @Override
    public boolean share() {
        return true;
    }

    /** Labels told true and true, and labels told true plus labels true. */
    @Override
    public double[] measure(MetricPass pass) {
        Tensor logits = pass.input();
        double both = 0;
        double either = 0;
        for (int i = 0; i < logits.elements(); i++) {
            boolean says = MetricSums.says(logits.getFloat(i));
            boolean holds = MetricSums.holds(pass.target().getFloat(i));
            both += says && holds ? 1 : 0;
            either += (says ? 1 : 0) + (holds ? 1 : 0);
        }
        return new double[] {both, either};
    }

    @Override
    public double value(List<Double> sums) {
        return 2 * MetricSums.mean(sums);
    }
}
