package io.ketju.layers.loss;

import io.ketju.tensor.TensorType;
import java.util.List;

/** Share of the targets, of those not ignored, whose score is the largest, the first of equals. */
record Accuracy(ClassTargets classes) implements Metric {
    @Override
    public String name() {
        return "accuracy";
    }

    @Override
    public boolean share() {
        return true;
    }

    /** The index of the largest score for each target. */
    @Override
    public List<TensorType> room(List<TensorType> inputs) {
        return List.of(classes.type(inputs));
    }

    @Override
    public double[] measure(MetricPass pass) {
        return classes.correct(
                pass.kernels(), pass.input(), pass.target(), pass.room().getFirst());
    }

    @Override
    public double value(List<Double> sums) {
        return MetricSums.mean(sums);
    }
}
