package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;

/**
 * Times gamma after every step (<a href="https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ExponentialLR.html">
 * torch.optim.lr_scheduler.ExponentialLR</a>).
 *
 * @param gamma factor of a step, above 0
 */
public record ExponentialLR(double gamma) implements LearningRateSchedule {
    public static final Entry<LearningRateSchedule> ENTRY = Description.of(
                    "ExponentialLR", "Times gamma after every step")
            .required("gamma", "factor of a step")
            .formula("rate = base · gamma^(step - 1)")
            .source("torch.optim.lr_scheduler.ExponentialLR")
            .readBy(arguments -> new ExponentialLR(arguments.number("gamma")));

    /**
     * Checks gamma.
     *
     * @throws IllegalArgumentException if it is not above 0
     */
    public ExponentialLR {
        Hyperparameters.requirePositive("ExponentialLR", "gamma", gamma);
    }

    @Override
    public Spec spec() {
        return Hyperparameters.terse(ENTRY.description(), gamma);
    }

    @Override
    public double learningRate(double base, long step, long totalSteps) {
        return base * StrictMath.pow(gamma, (double) (step - 1));
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
