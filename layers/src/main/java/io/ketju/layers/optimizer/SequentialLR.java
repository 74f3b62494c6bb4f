package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import java.util.List;

/**
 * One schedule after the other (<a href="https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.SequentialLR.html">
 * torch.optim.lr_scheduler.SequentialLR</a>): after a milestone the next begins at its first step. For each its own
 * steps are all there are, so that a cosine without T_max after a warm-up ends with the job.
 *
 * @param schedulers at least one, in order; each goes by the step alone
 * @param milestones numbers of steps after which the next begins, rising, one less than schedules
 */
public record SequentialLR(List<LearningRateSchedule> schedulers, List<Integer> milestones)
        implements LearningRateSchedule {
    public static final Entry<LearningRateSchedule> ENTRY = Description.of(
                    "SequentialLR", "One schedule after the other, such as a warm-up in front of any")
            .required("schedulers", "schedules in parentheses")
            .required("milestones", "numbers of steps after which the next begins, one less than schedules")
            .formula("rate = sᵢ(base) at step - milestoneᵢ")
            .source("torch.optim.lr_scheduler.SequentialLR")
            .readBy(arguments -> new SequentialLR(
                    LearningRateSchedules.all(arguments, "schedulers"), arguments.integers("milestones")));

    /**
     * Copies both lists.
     *
     * @throws IllegalArgumentException if the milestones do not rise from 1 on or are not one less, or a schedule waits for what a run
     *     measures
     */
    public SequentialLR {
        schedulers = Hyperparameters.ofStepsAlone("SequentialLR", schedulers);
        milestones = Hyperparameters.rising("SequentialLR", "milestones", milestones);
        if (milestones.size() != schedulers.size() - 1) {
            throw new IllegalArgumentException("SequentialLR: argument 'milestones': expected one less than schedules, "
                    + (schedulers.size() - 1) + ", found " + milestones.size());
        }
    }

    @Override
    public Spec spec() {
        return Hyperparameters.terse(
                ENTRY.description(), Hyperparameters.tuple(schedulers), Hyperparameters.tuple(milestones));
    }

    @Override
    public double learningRate(double base, long step, long totalSteps) {
        int current =
                (int) milestones.stream().filter(milestone -> milestone < step).count();
        long start = current == 0 ? 0 : milestones.get(current - 1);
        long end = current == milestones.size() ? Math.max(totalSteps, start + 1) : milestones.get(current);
        return schedulers.get(current).learningRate(base, step - start, end - start);
    }

    @Override
    public boolean dependsOnTotal() {
        return schedulers.getLast().dependsOnTotal();
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
