package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import java.util.List;

/**
 * Each schedule takes the rate of the one before as base (<a
 * href="https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ChainedScheduler.html">
 * torch.optim.lr_scheduler.ChainedScheduler</a>): factors multiply.
 *
 * @param schedulers at least one, in order; each goes by the step alone
 */
public record ChainedScheduler(List<LearningRateSchedule> schedulers) implements LearningRateSchedule {
    public static final Entry<LearningRateSchedule> ENTRY = Description.of(
                    "ChainedScheduler", "Each takes the rate of the one before as base")
            .required("schedulers", "schedules in parentheses")
            .formula("rate = s₂(s₁(base))")
            .source("torch.optim.lr_scheduler.ChainedScheduler")
            .readBy(arguments -> new ChainedScheduler(LearningRateSchedules.all(arguments, "schedulers")));

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if it is empty, or one waits for what a run measures
     */
    public ChainedScheduler {
        schedulers = Hyperparameters.ofStepsAlone("ChainedScheduler", schedulers);
        Hyperparameters.requireSteps("ChainedScheduler", "schedulers", schedulers.size());
    }

    @Override
    public Spec spec() {
        return Hyperparameters.terse(ENTRY.description(), Hyperparameters.tuple(schedulers));
    }

    @Override
    public double learningRate(double base, long step, long totalSteps) {
        double rate = base;
        for (LearningRateSchedule schedule : schedulers) {
            rate = schedule.learningRate(rate, step, totalSteps);
        }
        return rate;
    }

    @Override
    public boolean dependsOnTotal() {
        return schedulers.stream().anyMatch(LearningRateSchedule::dependsOnTotal);
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
