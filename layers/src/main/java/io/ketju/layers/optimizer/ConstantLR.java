package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;

/** The optimizer's learning rate in every step. */
public record ConstantLR() implements LearningRateSchedule {
    public static final Entry<LearningRateSchedule> ENTRY = Description.of("ConstantLR", "The rate of the optimizer in every step")
.formula("rate = base")
.always(new ConstantLR());

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
