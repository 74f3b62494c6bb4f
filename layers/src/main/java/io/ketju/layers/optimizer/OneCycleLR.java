package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Arguments;
import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;

/**
 * Up to one rate and down to almost nothing, whatever that of the optimizer (Smith and Topin 2018; <a
 * href="https://pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.OneCycleLR.html"> torch.optim.lr_scheduler.OneCycleLR</a>
 * without its cycle of momentum). Beyond its last step it stays at the end.
 *
 * @param maxLr the highest rate, above 0
 * @param totalSteps steps of the cycle; 0 stands for the steps of the job
 * @param pctStart share of the steps that go up, from 0 to 1
 * @param cosine along half cosines, else in straight lines
 * @param divFactor the highest rate is so many times the first; above 0
 * @param finalDivFactor the first rate is so many times the last; above 0
 * @param threePhase whether it first comes back to the first rate; then pctStart is at most a half
 */
public record OneCycleLR(
        double maxLr,
        int totalSteps,
        double pctStart,
        boolean cosine,
        double divFactor,
        double finalDivFactor,
        boolean threePhase)
        implements LearningRateSchedule {
    public static final Entry<LearningRateSchedule> ENTRY = Description.of(
                    "OneCycleLR", "Up to one rate and down to almost nothing")
            .required("max_lr", "highest rate")
            .derived("total_steps", "steps of the job", "steps of the cycle")
            .named("pct_start", 0.3, "share of the steps that go up")
            .named("anneal_strategy", "cos", "cos or linear")
            .named("div_factor", 25, "the highest rate is so many times the first")
            .named("final_div_factor", 10000.0, "the first rate is so many times the last")
            .named("three_phase", false, "whether the rate first comes back to where it began")
            .formula("max_lr / div_factor up to max_lr, down to max_lr / div_factor / final_div_factor")
            .source("torch.optim.lr_scheduler.OneCycleLR; Smith and Topin 2018")
            .readBy(OneCycleLR::of);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException naming the argument that is out of range
     */
    public OneCycleLR {
        Hyperparameters.requirePositive("OneCycleLR", "max_lr", maxLr);
        Hyperparameters.requireStepsOrJob("OneCycleLR", "total_steps", totalSteps);
        Hyperparameters.requireFactor("OneCycleLR", "pct_start", pctStart);
        Hyperparameters.requirePositive("OneCycleLR", "div_factor", divFactor);
        Hyperparameters.requirePositive("OneCycleLR", "final_div_factor", finalDivFactor);
        if (threePhase && pctStart > 0.5) {
            throw new IllegalArgumentException(
                    "OneCycleLR: argument 'pct_start': expected at most 0.5 with three_phase, found " + pctStart);
        }
    }

    private static OneCycleLR of(Arguments arguments) {
        int steps = arguments.text("total_steps").isPresent() ? arguments.integer("total_steps") : 0;
        if (arguments.text("total_steps").isPresent()) {
            Hyperparameters.requireSteps("OneCycleLR", "total_steps", steps);
        }
        return new OneCycleLR(
                arguments.number("max_lr"),
                steps,
                arguments.number("pct_start"),
                arguments.word("anneal_strategy", "cos", "linear").equals("cos"),
                arguments.number("div_factor"),
                arguments.number("final_div_factor"),
                arguments.flag("three_phase"));
    }

    /** A part of the way between two rates. */
    private double between(double from, double to, double progress) {
        return cosine ? to + (from - to) / 2 * (StrictMath.cos(Math.PI * progress) + 1) : from + (to - from) * progress;
    }

    @Override
    public Spec spec() {
        Spec spec = Hyperparameters.terse(
                ENTRY.description(),
                maxLr,
                totalSteps,
                pctStart,
                cosine ? "cos" : "linear",
                divFactor,
                finalDivFactor,
                threePhase);
        return totalSteps == 0 ? spec.without("total_steps") : spec;
    }

    @Override
    public double learningRate(double base, long step, long totalSteps) {
        double first = maxLr / divFactor;
        double last = first / finalDivFactor;
        long steps = this.totalSteps == 0 ? totalSteps : this.totalSteps;
        double end = (double) steps - 1;
        double at = Math.min((double) step - 1, end);
        double up = pctStart * (double) steps - 1;
        if (at <= up) {
            return between(first, maxLr, up == 0 ? 1 : at / up);
        }
        double down = 2 * up;
        if (threePhase && at <= down) {
            return between(maxLr, first, (at - up) / up);
        }
        return threePhase
                ? between(first, last, (at - down) / (end - down))
                : between(maxLr, last, (at - up) / (end - up));
    }

    @Override
    public boolean dependsOnTotal() {
        return totalSteps == 0;
    }

    @Override
    public String toString() {
        return spec().toString();
    }
}
