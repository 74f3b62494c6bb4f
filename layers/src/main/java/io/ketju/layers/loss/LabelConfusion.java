package io.ketju.layers.loss;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.List;

/** How often a label was told to be false or true that is false or true, of all labels together. */
record LabelConfusion() implements Metric {
    private static final int SIDES = 2;

    @Override
    public String name() {
        return ClassConfusion.DESCRIPTION.name();
    }

    @Override
    public boolean table() {
        return true;
    }

    @Override
    public int numbers(List<TensorType> inputs) {
        return SIDES * SIDES;
    }

    @Override
    public double[] measure(MetricPass pass) {
        Tensor logits = pass.input();
        double[] sums = new double[SIDES * SIDES];
        for (int i = 0; i < logits.elements(); i++) {
            int real = MetricSums.holds(pass.target().getFloat(i)) ? 1 : 0;
            int told = MetricSums.says(logits.getFloat(i)) ? 1 : 0;
            sums[real * SIDES + told]++;
        }
        return sums;
    }

    @Override
    public double value(List<Double> sums) {
        return Double.NaN;
    }
}
