package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import java.util.List;

/**
 * Times gamma after each of some numbers of steps (<a
 * href="https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.MultiStepLR.html"> torch.optim.lr_scheduler.MultiStepLR</a>).
 *
 * @param milestones numbers of steps, at least 1 and rising; the same twice decays twice
 * @param gamma factor of a decay, above 0
 */
public record MultiStepLR(List<Integer> milestones, double gamma) implements LearningRateSchedule {
    public static final Entry<LearningRateSchedule> ENTRY = Description.of(
                    "MultiStepLR", "Times gamma after each of some numbers of steps")
            .required("milestones", "numbers of steps, rising")
            .optional("gamma", 0.1, "factor of a decay")
            .formula("rate = base · gamma^(milestones < step)")
            .source("torch.optim.lr_scheduler.MultiStepLR")
            .readBy(arguments -> new MultiStepLR(arguments.integers("milestones"), arguments.number("gamma")));

    /**
     * Copies the milestones.
     *
     * @throws IllegalArgumentException if they do not rise from 1 on, or gamma is not above 0
     */
    public MultiStepLR {
        milestones = Hyperparameters.rising("MultiStepLR", "milestones", milestones);
        Hyperparameters.requirePositive("MultiStepLR", "gamma", gamma);
    }

    @Override
    public Spec spec() {
        return Hyperparameters.terse(ENTRY.description(), Hyperparameters.tuple(milestones), gamma);
    }

    @Override
    public double learningRate(double base, long step, long totalSteps) {
        long decays = milestones.stream().filter(milestone -> milestone < step).count();
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
