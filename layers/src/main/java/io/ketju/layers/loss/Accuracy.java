package io.ketju.layers.loss;

import io.ketju.layers.spec.Description;
import io.ketju.tensor.TensorType;
import java.util.List;

/** Share of the targets, of those not ignored, whose score is the largest, the first of equals. */
record Accuracy(ClassTargets classes) implements Metric {
    static final Description DESCRIPTION = Description.of("accuracy", "Share of the targets, of those not ignored, whose score is the largest")
            .formula("right / targets")
            .shapes("of losses of class indexes");

    @Override
    public String name() {
        return DESCRIPTION.name();
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
