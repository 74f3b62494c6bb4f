package io.ketju.layers.loss;

import io.ketju.tensor.TensorType;
import java.util.List;

/** A metric that no window measures: whoever directs the run tells its value, with an epoch or with a step. */
public interface ReportedMetric extends Metric {
    @Override
    default int numbers(List<TensorType> inputs) {
        return 0;
    }

    @Override
    default double[] measure(MetricPass pass) {
        return new double[0];
    }

    /** NaN: of windows there is nothing to tell. */
    @Override
    default double value(List<Double> sums) {
        return Double.NaN;
    }
}
