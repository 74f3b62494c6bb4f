package io.ketju.layers.optimizer;

import io.ketju.layers.Arguments;
import io.ketju.layers.Spec;

/** The optimizer's learning rate in every step. */
public record ConstantLR() implements LearningRateSchedule {
    static ConstantLR of(Spec spec) {
        return Arguments.none(spec, new ConstantLR());
    }

    @Override
    public Spec spec() {
        return Spec.of("ConstantLR");
    }

    @Override
    public double learningRate(double base, long step, long totalSteps) {
        return base;
    }

    @Override
    public boolean dependsOnTotal() {
        return false;
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
