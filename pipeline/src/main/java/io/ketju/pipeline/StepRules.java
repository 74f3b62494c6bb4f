package io.ketju.pipeline;

import io.ketju.layers.optimizer.ClipGradNorm;
import io.ketju.layers.optimizer.ClipGradValue;
import io.ketju.layers.optimizer.Penalty;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What belongs to a step beside the updates of the optimizers.
 *
 * @param clipGradNorm bounds the norm of the gradients of all parameters that a training window updates, together
 * @param clipGradValue bounds every element of these gradients, after the norm
 * @param nonFinite what becomes of a window with a gradient or a loss that is no finite number
 * @param tellsGradNorm whether the norm of the gradients is a metric, as it was before anything bounded it
 * @param penalties of weights, whose gradients are added before the norm is taken; all that match a parameter
 * @param average keeps an average of the weights after every step, which is what evaluation and prediction go by
 * @param accumulate mini-batches that a window is over, at least 1; the last one of a data epoch may be over fewer
 * @param gradientGroups groups of micro-batches whose weight gradients are added up by themselves first, at least 1: see
 *     {@link io.ketju.pipeline.schedule.GradientGroups}
 * @param histogramSteps steps from one count of how weights and gradients lie to the next; 0: none is counted
 */
public record StepRules(
        Optional<ClipGradNorm> clipGradNorm,
        Optional<ClipGradValue> clipGradValue,
        NonFiniteGradients nonFinite,
        boolean tellsGradNorm,
        List<Penalty> penalties,
        Optional<Averaging> average,
        int accumulate,
        int gradientGroups,
        long histogramSteps) {
    /** The updates alone. */
    public static final StepRules NONE = new StepRules(
            Optional.empty(), Optional.empty(), NonFiniteGradients.STOP, false, List.of(), Optional.empty(), 1, 1, 0);

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if a number is below its least
     */
    public StepRules {
        penalties = List.copyOf(penalties);
        if (accumulate < 1) {
            throw new IllegalArgumentException("expected at least 1 mini-batch to be accumulated, found " + accumulate);
        }
        if (gradientGroups < 1) {
            throw new IllegalArgumentException("expected at least 1 gradient group, found " + gradientGroups);
        }
        if (histogramSteps < 0) {
            throw new IllegalArgumentException("expected at least 0 steps between histograms, found " + histogramSteps);
        }
    }

    /**
     * {@return the same with gradients of a bounded norm}
     *
     * @param bound in place of the one before
     */
    public StepRules with(ClipGradNorm bound) {
        return changed(draft -> draft.clipGradNorm = Optional.of(bound));
    }

    /**
     * {@return the same with gradients of bounded elements}
     *
     * @param bound in place of the one before
     */
    public StepRules with(ClipGradValue bound) {
        return changed(draft -> draft.clipGradValue = Optional.of(bound));
    }

    /**
     * {@return the same with another end for windows without finite gradients}
     *
     * @param then what becomes of them
     */
    public StepRules with(NonFiniteGradients then) {
        return changed(draft -> draft.nonFinite = then);
    }

    /** {@return the same with the norm of the gradients as a metric} */
    public StepRules tellingGradNorm() {
        return changed(draft -> draft.tellsGradNorm = true);
    }

    /**
     * {@return the same with other penalties}
     *
     * @param others in place of those that there are
     */
    public StepRules with(List<Penalty> others) {
        return changed(draft -> draft.penalties = others);
    }

    /**
     * {@return the same with an average of the weights}
     *
     * @param kept in place of the one before
     */
    public StepRules with(Averaging kept) {
        return changed(draft -> draft.average = Optional.of(kept));
    }

    /**
     * {@return the same with windows over several mini-batches}
     *
     * @param batches of each window, at least 1
     */
    public StepRules accumulating(int batches) {
        return changed(draft -> draft.accumulate = batches);
    }

    /**
     * {@return the same with weight gradients that groups of micro-batches add up by themselves}
     *
     * @param groups of a step, at least 1
     */
    public StepRules inGroups(int groups) {
        return changed(draft -> draft.gradientGroups = groups);
    }

    /**
     * {@return the same with counts of how weights and gradients lie}
     *
     * @param steps from one count to the next; 0: none is counted
     */
    public StepRules countingEvery(long steps) {
        return changed(draft -> draft.histogramSteps = steps);
    }

    /** What is left of them for whoever runs micro-batches and updates nothing. */
    StepRules following() {
        return NONE.with(nonFinite).accumulating(accumulate).inGroups(gradientGroups);
    }

    /** {@return whether windows are skipped that have no finite gradients} */
    public boolean skips() {
        return nonFinite == NonFiniteGradients.SKIP;
    }

    /** Whether a step waits for the sum of the squares of all gradients. */
    boolean sums() {
        return clipGradNorm.isPresent() || skips() || tellsGradNorm;
    }

    private StepRules changed(Consumer<Draft> change) {
        Draft draft = new Draft(this);
        change.accept(draft);
        return draft.made();
    }

    /** Rules of which one is about to change. */
    private static final class Draft {
        private Optional<ClipGradNorm> clipGradNorm;
        private Optional<ClipGradValue> clipGradValue;
        private NonFiniteGradients nonFinite;
        private boolean tellsGradNorm;
        private List<Penalty> penalties;
        private Optional<Averaging> average;
        private int accumulate;
        private int gradientGroups;
        private long histogramSteps;

        Draft(StepRules rules) {
            clipGradNorm = rules.clipGradNorm;
            clipGradValue = rules.clipGradValue;
            nonFinite = rules.nonFinite;
            tellsGradNorm = rules.tellsGradNorm;
            penalties = rules.penalties;
            average = rules.average;
            accumulate = rules.accumulate;
            gradientGroups = rules.gradientGroups;
            histogramSteps = rules.histogramSteps;
        }

        StepRules made() {
            return new StepRules(
                    clipGradNorm,
                    clipGradValue,
                    nonFinite,
                    tellsGradNorm,
                    penalties,
                    average,
                    accumulate,
                    gradientGroups,
                    histogramSteps);
        }
    }
}
