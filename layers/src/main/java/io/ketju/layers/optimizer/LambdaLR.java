package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Spec;
import java.util.function.LongToDoubleFunction;

/**
 * Times what a function of your own says (<a
 * href="https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LambdaLR.html">
 * torch.optim.lr_scheduler.LambdaLR</a>). It works in one JVM; a job that travels as text cannot carry it.
 *
 * @param name what texts call it; two of one name should be the same function
 * @param factor of the optimizer's learning rate, by the number of steps that were made before: 0 in the first
 */
public record LambdaLR(String name, LongToDoubleFunction factor) implements LearningRateSchedule {
    @Override
    public Spec spec() {
        return Spec.of("LambdaLR").with("lr_lambda", name);
    }

    @Override
    public double learningRate(double base, long step, long totalSteps) {
        return base * factor.applyAsDouble(step - 1);
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
