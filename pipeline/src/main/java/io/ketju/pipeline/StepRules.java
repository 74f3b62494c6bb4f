package io.ketju.pipeline;

import io.ketju.layers.optimizer.ClipGradNorm;
import java.util.Optional;

/**
 * What belongs to a step beside the updates of the optimizers.
 *
 * @param clipGradNorm bounds the norm of the gradients of all parameters that a training window updates, together
 * @param average keeps an average of the weights after every step, which is what evaluation and prediction go by
 */
public record StepRules(Optional<ClipGradNorm> clipGradNorm, Optional<Averaging> average) {
    /** The updates alone. */
    public static final StepRules NONE = new StepRules(Optional.empty(), Optional.empty());

    /** The same with gradients of a bounded norm. */
    public StepRules with(ClipGradNorm bound) {
        return new StepRules(Optional.of(bound), average);
    }

    /** The same with an average of the weights. */
    public StepRules with(Averaging kept) {
        return new StepRules(clipGradNorm, Optional.of(kept));
    }
}
