package io.ketju.actors.examples;

import io.ketju.layers.loss.Metric;
import io.ketju.layers.loss.MetricPass;
import java.util.List;

// region metric
/** Mean of output - target: whether a regression is too high or too low on the whole. */
record MeanError() implements Metric {
    @Override
    public String name() {
        return "mean_error";
    }

    /** The sum over a micro-batch, and of how many numbers it is. */
    @Override
    public double[] measure(MetricPass pass) {
        double sum = 0;
        for (int i = 0; i < pass.input().elements(); i++) {
            sum += (double) pass.input().getFloat(i) - pass.target().getFloat(i);
        }
        return new double[] {sum, pass.input().elements()};
    }

    @Override
    public double value(List<Double> sums) {
        return sums.get(0) / sums.get(1);
    }
}
// end region
