package io.ketju.pipeline;

import io.ketju.layers.optimizer.ClipGradNorm;
import io.ketju.layers.optimizer.Penalty;
import java.util.List;
import java.util.Optional;

/**
 * What belongs to a step beside the updates of the optimizers.
 *
 * @param clipGradNorm bounds the norm of the gradients of all parameters that a training window updates, together
 * @param penalties of weights, whose gradients are added before the norm is taken; all that match a parameter
 * @param average keeps an average of the weights after every step, which is what evaluation and prediction go by
 */
public record StepRules(Optional<ClipGradNorm> clipGradNorm, List<Penalty> penalties, Optional<Averaging> average) {
    /** The updates alone. */
    public static final StepRules NONE = new StepRules(Optional.empty(), List.of(), Optional.empty());

    public StepRules {
        penalties = List.copyOf(penalties);
    }

    /** The same with gradients of a bounded norm. */
    public StepRules with(ClipGradNorm bound) {
        return new StepRules(Optional.of(bound), penalties, average);
    }

    /** The same with these penalties. */
    public StepRules with(List<Penalty> others) {
        return new StepRules(clipGradNorm, others, average);
    }

    /** The same with an average of the weights. */
    public StepRules with(Averaging kept) {
        return new StepRules(clipGradNorm, penalties, Optional.of(kept));
    }
}
