package io.ketju.layers.loss;

import io.ketju.tensor.TensorType;
import java.util.List;

/** {@link Agreement} of classes, each by itself, of which one is told and one is true; then the mean over the classes. */
record ClassAgreement(ClassTargets classes, Agreement kind) implements Metric {
    @Override
    public String name() {
        return kind.macro().name();
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
    public int numbers(List<TensorType> inputs) {
        return Agreement.COUNTS * inputs.getFirst().shape().dimension(classes.classDim());
    }

    /** Of each class: told and true, told, true. */
    @Override
    public double[] measure(MetricPass pass) {
        int count = pass.input().shape().dimension(classes.classDim());
        double[] sums = new double[Agreement.COUNTS * count];
        classes.eachTold(pass, (told, real) -> {
            sums[Agreement.COUNTS * told + 1]++;
            sums[Agreement.COUNTS * real + 2]++;
            if (told == real) {
                sums[Agreement.COUNTS * real]++;
            }
        });
        return sums;
    }

    @Override
    public double value(List<Double> sums) {
        return kind.macro(sums);
    }
}
