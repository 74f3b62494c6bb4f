package io.ketju.layers.loss;

import io.ketju.tensor.Tensor;
import io.ketju.tensor.TensorType;
import java.util.List;

/**
 * {@link Agreement} of labels of which any number may be true: of all together, or of each by itself and then the mean.
 *
 * @param macro whether each label, an element of the last dimension, is looked at by itself
 */
record LabelAgreement(Agreement kind, boolean macro) implements Metric {
    @Override
    public String name() {
        return macro ? kind.macro().name() : kind.micro().name();
    }

    @Override
    public boolean share() {
        return true;
    }

    @Override
    public int numbers(List<TensorType> inputs) {
        return Agreement.COUNTS * inputs.getFirst().shape().dimension(-1);
    }

    /** Of each label: told and true, told, true. */
    @Override
    public double[] measure(MetricPass pass) {
        Tensor logits = pass.input();
        int labels = logits.shape().dimension(-1);
        double[] sums = new double[Agreement.COUNTS * labels];
        for (int i = 0; i < logits.elements(); i++) {
            boolean says = MetricSums.says(logits.getFloat(i));
            boolean holds = MetricSums.holds(pass.target().getFloat(i));
            int at = i % labels * Agreement.COUNTS;
            sums[at] += says && holds ? 1 : 0;
            sums[at + 1] += says ? 1 : 0;
            sums[at + 2] += holds ? 1 : 0;
        }
        return sums;
    }

    @Override
    public double value(List<Double> sums) {
        return macro ? kind.macro(sums) : kind.micro(sums);
    }
}
