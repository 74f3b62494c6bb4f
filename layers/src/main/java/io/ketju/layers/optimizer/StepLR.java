package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;

/**
 * Times gamma after every stepSize optimizer steps: {@code base · gamma^⌊(step - 1) / stepSize⌋} (<a
 * href="https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.StepLR.html">
 * torch.optim.lr_scheduler.StepLR</a>, stepped after every optimizer step).
 *
 * @param stepSize optimizer steps between two decays, at least 1
 * @param gamma factor of a decay, above 0
 */
public record StepLR(int stepSize, double gamma) implements LearningRateSchedule {
    public static final Entry<LearningRateSchedule> ENTRY = Description.of(
                    "StepLR", "Times gamma after every so many steps")
            .required("step_size", "optimizer steps between two decays")
            .optional("gamma", 0.1, "factor of a decay")
            .formula("rate = base · gamma^⌊(step - 1) / step_size⌋")
            .source("torch.optim.lr_scheduler.StepLR")
            .readBy(arguments -> new StepLR(arguments.integer("step_size"), arguments.number("gamma")));

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException naming the argument that is out of range
     */
    public StepLR {
        if (stepSize < 1) {
            throw new IllegalArgumentException("StepLR: argument 'step_size': expected at least 1, found " + stepSize);
        }
        Hyperparameters.requirePositive("StepLR", "gamma", gamma);
    }

    /**
     * Times 0.1.
     *
     * @param stepSize optimizer steps between two decays, at least 1
     */
    public StepLR(int stepSize) {
        this(stepSize, 0.1);
    }

    @Override
    public Spec spec() {
        return Spec.of("StepLR").with("step_size", stepSize).withNumber("gamma", gamma);
    }

    @Override
    public double learningRate(double base, long step, long totalSteps) {
        long decays = (step - 1) / stepSize;
        return base * StrictMath.pow(gamma, (double) decays);
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
