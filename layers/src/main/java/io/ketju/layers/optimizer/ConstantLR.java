package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;

/**
 * Times a factor in the first steps, then the optimizer's learning rate (<a
 * href="https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ConstantLR.html"> torch.optim.lr_scheduler.ConstantLR</a>, whose
 * factor is 1/3 by default: here it is 1, so that without arguments the rate is that of the optimizer in every step).
 *
 * @param factor from 0 to 1
 * @param totalIters steps that have the factor, at least 1
 */
public record ConstantLR(double factor, int totalIters) implements LearningRateSchedule {
    public static final Entry<LearningRateSchedule> ENTRY = Description.of(
                    "ConstantLR", "The rate of the optimizer, times a factor in the first steps if wanted")
            .optional("factor", 1, "of the first steps; 1/3 in PyTorch")
            .optional("total_iters", 5, "steps that have the factor")
            .formula("rate = base · (step - 1 < total_iters ? factor : 1)")
            .source("torch.optim.lr_scheduler.ConstantLR")
            .readBy(arguments -> new ConstantLR(arguments.number("factor"), arguments.integer("total_iters")));

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException naming the argument that is out of range
     */
    public ConstantLR {
        Hyperparameters.requireFactor("ConstantLR", "factor", factor);
        Hyperparameters.requireSteps("ConstantLR", "total_iters", totalIters);
    }

    /** The optimizer's learning rate in every step. */
    public ConstantLR() {
        this(1, 5);
    }

    @Override
    public Spec spec() {
        return Hyperparameters.terse(ENTRY.description(), factor, totalIters);
    }

    @Override
    public double learningRate(double base, long step, long totalSteps) {
        return step - 1 < totalIters ? base * factor : base;
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
