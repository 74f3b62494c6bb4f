package io.ketju.layers.loss;

import io.ketju.layers.spec.Description;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.List;

/**
 * Coefficient of determination: the share of the targets' variance that the outputs explain; 1 at best, 0 for a model that
 * always says the mean, below that for a worse one. Of each element of a sample by itself, then their mean, as <a
 * href="https://scikit-learn.org/stable/modules/generated/sklearn.metrics.r2_score.html">sklearn.metrics.r2_score</a>;
 * elements whose targets are all equal have none and are left out.
 */
record R2Score() implements Metric {
    static final Description DESCRIPTION = Description.of(
                    "r2", "Share of the targets' variance that the outputs explain, mean over the elements of a sample")
            .formula("1 - Σ (x - t)² / Σ (t - mean(t))²")
            .shapes("of losses of each element")
            .source("sklearn.metrics.r2_score");

    /** Per element of a sample: number, sum and sum of squares of the targets, and sum of the squared differences. */
    private static final int SUMS = 4;

    @Override
    public String name() {
        return DESCRIPTION.name();
    }

    @Override
    public int numbers(List<TensorType> inputs) {
        return SUMS * inputs.getFirst().shape().sample().elements();
    }

    @Override
    public boolean moreIsBetter() {
        return true;
    }

    @Override
    public double[] measure(MetricPass pass) {
        Tensor outputs = pass.input();
        Tensor targets = pass.target();
        int perSample = outputs.elements() / outputs.shape().dimension(0);
        double[] sums = new double[SUMS * perSample];
        for (int i = 0; i < outputs.elements(); i++) {
            double target = targets.getFloat(i);
            double difference = outputs.getFloat(i) - target;
            int at = i % perSample * SUMS;
            sums[at] += 1;
            sums[at + 1] += target;
            sums[at + 2] += target * target;
            sums[at + 3] += difference * difference;
        }
        return sums;
    }

    @Override
    public double value(List<Double> sums) {
        double scores = 0;
        int varying = 0;
        for (int at = 0; at < sums.size(); at += SUMS) {
            double variation = sums.get(at + 2) - sums.get(at + 1) * sums.get(at + 1) / sums.get(at);
            if (variation > 0) {
                scores += 1 - sums.get(at + 3) / variation;
                varying++;
            }
        }
        return varying == 0 ? Double.NaN : scores / varying;
    }
}
