package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;

/**
 * From one factor to another in a straight line, then stays: a warm-up (<a
 * href="https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LinearLR.html"> torch.optim.lr_scheduler.LinearLR</a>).
 *
 * @param startFactor in the first step, above 0, at most 1
 * @param endFactor after so many steps, from 0 to 1
 * @param totalIters steps between both, at least 1
 */
public record LinearLR(double startFactor, double endFactor, int totalIters) implements LearningRateSchedule {
    public static final Entry<LearningRateSchedule> ENTRY = Description.of(
                    "LinearLR", "From one factor to another in a straight line: a warm-up")
            .optional("start_factor", 1.0 / 3, "factor of the first step")
            .optional("end_factor", 1, "factor from then on")
            .optional("total_iters", 5, "steps between both")
            .formula(
                    "rate = base · (start_factor + (end_factor - start_factor) · min(step - 1, total_iters) / total_iters)")
            .source("torch.optim.lr_scheduler.LinearLR")
            .readBy(arguments -> new LinearLR(
                    arguments.number("start_factor"),
                    arguments.number("end_factor"),
                    arguments.integer("total_iters")));

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException naming the argument that is out of range
     */
    public LinearLR {
        Hyperparameters.requirePositive("LinearLR", "start_factor", startFactor);
        Hyperparameters.requireFactor("LinearLR", "start_factor", startFactor);
        Hyperparameters.requireFactor("LinearLR", "end_factor", endFactor);
        Hyperparameters.requireSteps("LinearLR", "total_iters", totalIters);
    }

    @Override
    public Spec spec() {
        return Hyperparameters.terse(ENTRY.description(), startFactor, endFactor, totalIters);
    }

    @Override
    public double learningRate(double base, long step, long totalSteps) {
        double progress = Math.min(step - 1, totalIters) / (double) totalIters;
        return base * (startFactor + (endFactor - startFactor) * progress);
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
