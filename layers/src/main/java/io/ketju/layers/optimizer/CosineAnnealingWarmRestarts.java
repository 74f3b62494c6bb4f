package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;

/**
 * Half a cosine down to etaMin, again and again, each so many times as long as the one before (Loshchilov and Hutter 2017; <a
 * href="https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingWarmRestarts.html">
 * torch.optim.lr_scheduler.CosineAnnealingWarmRestarts</a>).
 *
 * @param length steps of the first, at least 1
 * @param times factor of the next one's length, at least 1
 * @param etaMin rate at the end of each, 0 or more
 */
public record CosineAnnealingWarmRestarts(int length, int times, double etaMin) implements LearningRateSchedule {
    public static final Entry<LearningRateSchedule> ENTRY = Description.of(
                    "CosineAnnealingWarmRestarts", "Half a cosine down to eta_min, again and again")
            .required("T_0", "steps of the first")
            .optional("T_mult", 1, "factor of the length of the next")
            .optional("eta_min", 0, "rate at the end of each")
            .formula("rate = eta_min + (base - eta_min) · (1 + cos(π · T_cur / T_i)) / 2")
            .source("torch.optim.lr_scheduler.CosineAnnealingWarmRestarts; Loshchilov and Hutter 2017")
            .readBy(arguments -> new CosineAnnealingWarmRestarts(
                    arguments.integer("T_0"), arguments.integer("T_mult"), arguments.number("eta_min")));

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException naming the argument that is out of range
     */
    public CosineAnnealingWarmRestarts {
        Hyperparameters.requireSteps("CosineAnnealingWarmRestarts", "T_0", length);
        Hyperparameters.requireSteps("CosineAnnealingWarmRestarts", "T_mult", times);
        Hyperparameters.requireNonNegative("CosineAnnealingWarmRestarts", "eta_min", etaMin);
    }

    @Override
    public Spec spec() {
        return Hyperparameters.terse(ENTRY.description(), length, times, etaMin);
    }

    @Override
    public double learningRate(double base, long step, long totalSteps) {
        long current = times == 1 ? (step - 1) % length : step - 1;
        long cycle = length;
        while (current >= cycle) {
            current -= cycle;
            cycle *= times;
        }
        return etaMin + (base - etaMin) * (1 + StrictMath.cos(Math.PI * current / cycle)) / 2;
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
