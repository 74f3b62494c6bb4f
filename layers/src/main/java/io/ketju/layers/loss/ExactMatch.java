package io.ketju.layers.loss;

import io.ketju.layers.spec.Description;
import io.ketju.tensor.Tensor;
import java.util.List;

/** Share of the samples of which all labels are told right. */
record ExactMatch() implements Metric {
    static final Description DESCRIPTION = Description.of("exact_match", "Share of the samples of which all labels are told right")
            .formula("right / samples")
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
        int samples = logits.shape().dimension(0);
        int labels = logits.elements() / samples;
        double right = 0;
        for (int sample = 0; sample < samples; sample++) {
            right += matches(logits, pass.target(), sample * labels, labels) ? 1 : 0;
        }
        return new double[] {right, samples};
    }

    private static boolean matches(Tensor logits, Tensor targets, int from, int labels) {
        for (int i = from; i < from + labels; i++) {
            if (MetricSums.says(logits.getFloat(i)) != MetricSums.holds(targets.getFloat(i))) {
                return false;
            }
        }
        return true;
    }

    @Override
    public double value(List<Double> sums) {
        return MetricSums.mean(sums);
    }
}
