package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import java.util.Locale;

/**
 * Up and down between two rates, whatever that of the optimizer (Smith 2017; <a
 * href="https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CyclicLR.html"> torch.optim.lr_scheduler.CyclicLR</a> without
 * its cycles of momentum).
 *
 * @param baseLr the lower rate, 0 or more
 * @param maxLr the higher rate, above 0
 * @param stepSizeUp steps from the lower rate to the higher, at least 1
 * @param stepSizeDown steps back, at least 1
 * @param mode how high later cycles are
 * @param gamma of {@link Mode#EXP_RANGE}, above 0
 */
public record CyclicLR(double baseLr, double maxLr, int stepSizeUp, int stepSizeDown, Mode mode, double gamma)
        implements LearningRateSchedule {
    public static final Entry<LearningRateSchedule> ENTRY = Description.of("CyclicLR", "Up and down between two rates")
            .required("base_lr", "lower rate")
            .required("max_lr", "higher rate")
            .optional("step_size_up", 2000, "steps from the lower to the higher")
            .derived("step_size_down", "step_size_up", "steps back")
            .optional(
                    "mode",
                    "triangular",
                    "what becomes of later cycles: triangular, triangular2 (half the height each), exp_range (gamma per step)")
            .optional("gamma", 1, "factor of the height per step in exp_range")
            .formula(
                    "rate = base_lr + (max_lr - base_lr) · triangle(step - 1) · (1, 2^(1 - cycle) or gamma^(step - 1))")
            .source("torch.optim.lr_scheduler.CyclicLR; Smith 2017")
            .readBy(CyclicLR::of);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException naming the argument that is out of range
     */
    public CyclicLR {
        Hyperparameters.requireNonNegative("CyclicLR", "base_lr", baseLr);
        Hyperparameters.requirePositive("CyclicLR", "max_lr", maxLr);
        Hyperparameters.requireSteps("CyclicLR", "step_size_up", stepSizeUp);
        Hyperparameters.requireSteps("CyclicLR", "step_size_down", stepSizeDown);
        Hyperparameters.requirePositive("CyclicLR", "gamma", gamma);
        if (maxLr < baseLr) {
            throw new IllegalArgumentException(
                    "CyclicLR: argument 'max_lr': expected at least base_lr = " + baseLr + ", found " + maxLr);
        }
    }

    /** How high later cycles are. */
    public enum Mode {
        /** All are as high. */
        TRIANGULAR,
        /** Each is half as high as the one before. */
        TRIANGULAR2,
        /** The height is multiplied by gamma with every step. */
        EXP_RANGE;

        /** As in PyTorch. */
        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static CyclicLR of(Arguments arguments) {
        int up = arguments.integer("step_size_up");
        String mode = arguments.word("mode", "triangular", "triangular2", "exp_range");
        return new CyclicLR(
                arguments.number("base_lr"),
                arguments.number("max_lr"),
                up,
                arguments.integer("step_size_down", up),
                Mode.valueOf(mode.toUpperCase(Locale.ROOT)),
                arguments.number("gamma"));
    }

    private double scale(long cycle, long before) {
        return switch (mode) {
            case TRIANGULAR -> 1;
            case TRIANGULAR2 -> StrictMath.pow(2, (double) (1 - cycle));
            case EXP_RANGE -> StrictMath.pow(gamma, (double) before);
        };
    }

    @Override
    public Spec spec() {
        Spec spec =
                Hyperparameters.terse(ENTRY.description(), baseLr, maxLr, stepSizeUp, stepSizeDown, mode.word(), gamma);
        return stepSizeDown == stepSizeUp ? spec.without("step_size_down") : spec;
    }

    @Override
    public double learningRate(double base, long step, long totalSteps) {
        long before = step - 1;
        long size = (long) stepSizeUp + stepSizeDown;
        long place = before % size;
        double height = place <= stepSizeUp ? (double) place / stepSizeUp : (double) (size - place) / stepSizeDown;
        return baseLr + (maxLr - baseLr) * height * scale(before / size + 1, before);
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
