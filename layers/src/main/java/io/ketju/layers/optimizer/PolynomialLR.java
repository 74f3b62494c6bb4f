package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;

/**
 * Down to zero along a power of what is left (<a
 * href="https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.PolynomialLR.html"> torch.optim.lr_scheduler.PolynomialLR</a>).
 *
 * @param totalIters steps until the rate is 0, at least 1
 * @param power of what is left, above 0
 */
public record PolynomialLR(int totalIters, double power) implements LearningRateSchedule {
    public static final Entry<LearningRateSchedule> ENTRY = Description.of(
                    "PolynomialLR", "Down to zero along a power of what is left")
            .optional("total_iters", 5, "steps until the rate is 0")
            .optional("power", 1, "of what is left")
            .formula("rate = base · (1 - min(step - 1, total_iters) / total_iters)^power")
            .source("torch.optim.lr_scheduler.PolynomialLR")
            .readBy(arguments -> new PolynomialLR(arguments.integer("total_iters"), arguments.number("power")));

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException naming the argument that is out of range
     */
    public PolynomialLR {
        Hyperparameters.requireSteps("PolynomialLR", "total_iters", totalIters);
        Hyperparameters.requirePositive("PolynomialLR", "power", power);
    }

    @Override
    public Spec spec() {
        return Hyperparameters.terse(ENTRY.description(), totalIters, power);
    }

    @Override
    public double learningRate(double base, long step, long totalSteps) {
        double left = 1 - Math.min(step - 1, totalIters) / (double) totalIters;
        return base * StrictMath.pow(left, power);
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
