package io.ketju.pipeline.catalogue;

import io.ketju.layers.spec.Description;
import io.ketju.layers.spec.Entry;
import io.ketju.layers.spec.Spec;
import io.ketju.pipeline.schedule.Overlap;
import io.ketju.pipeline.schedule.Overlap.Compensation;
import io.ketju.pipeline.schedule.Overlap.Weights;
import io.ketju.pipeline.schedule.Schedule;

/**
 * {@link NoStash} that makes up for old weights (Yang et al., "PipeMare: Asynchronous Pipeline Parallel DNN Training", MLSys
 * 2021): a rank's learning rates begin divided by its delay and come back to their own (learning-rate rescheduling), and a
 * backward runs on weights moved back to where its forward found them, by a running mean of what updates changed (discrepancy
 * correction). In flight on rank r of p: {@code p - r}; the weights, the mean, and the weights moved back.
 *
 * @param annealing steps over which rates come back; 0: rates are their own from the start
 * @param decay what of the mean is left after as many updates as the delay has, from 0, below 1
 */
public record PipeMare(int annealing, double decay) implements Overlapping {
    private static final int ANNEALING = 1000;

    /** e^-2, which the paper's analysis suggests. */
    private static final double DECAY = 0.135;

    static final Entry<Schedule> ENTRY = Description.of(
                    "PipeMare",
                    "PipeDream without stashed weights, with learning rates and backwards that make up for it")
            .optional(
                    "annealing",
                    ANNEALING,
                    "updates over which learning rates that begin divided by the delay come back to their own; 0: none is divided")
            .optional(
                    "decay",
                    DECAY,
                    "what of the mean change is left after as many updates as the delay has, 0 <= decay < 1")
            .formula("idle = 0 between drains; in flight on rank r = p - r; 3 sets of weights, 1 on the last rank;"
                    + " d = p - 1 - r: lr · d^-(1 - step / annealing), backward on w - d · δ,"
                    + " δ = γ · δ + (1 - γ) · (w - w before), γ = decay^(1 / d)")
            .use("Where memory has no room for p versions, and with any optimizer that is updated by every micro-batch")
            .source("Yang et al., PipeMare: Asynchronous Pipeline Parallel DNN Training, MLSys 2021 (T1 and T2)")
            .readBy(arguments -> new PipeMare(arguments.integer("annealing"), arguments.number("decay")));

    /** As a name alone has it. */
    public PipeMare() {
        this(ANNEALING, DECAY);
    }

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException if one is outside of its own
     */
    public PipeMare {
        if (annealing < 0) {
            throw new IllegalArgumentException(
                    "PipeMare: argument 'annealing': expected an integer >= 0, found " + annealing);
        }
        if (!(decay >= 0 && decay < 1)) {
            throw new IllegalArgumentException("PipeMare: argument 'decay': expected 0 <= number < 1, found " + decay);
        }
    }

    @Override
    public Spec listed() {
        return ENTRY.description()
                .terse(Spec.of("PipeMare").with("annealing", annealing).withNumber("decay", decay));
    }

    @Override
    public Overlap overlap(int ranks) {
        Overlap plain = Overlapping.ofMicrobatches(ranks, rank -> ranks - 1 - rank, Weights.CORRECTED);
        return new Overlap(
                plain.ahead(),
                plain.windowsAhead(),
                plain.ofMicrobatches(),
                plain.delays(),
                plain.weights(),
                new Compensation(annealing, decay));
    }
}
