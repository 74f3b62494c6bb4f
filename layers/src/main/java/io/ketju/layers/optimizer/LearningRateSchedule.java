package io.ketju.layers.optimizer;

import io.ketju.layers.spec.Spec;

/**
 * The learning rate of every step, a function of the step alone and, for those that watch how a run goes, of how often it has
 * been reduced. Immutable.
 */
public interface LearningRateSchedule {
    /** {@return the schedule as text: {@code ConstantLR()}, {@code CosineAnnealingLR(eta_min=0)}} */
    Spec spec();

    /**
     * {@return the rate of a step, before any reduction}
     *
     * @param base the optimizer's learning rate
     * @param step counts from 1
     * @param totalSteps steps of the whole job
     */
    double learningRate(double base, long step, long totalSteps);

    /**
     * {@return what becomes of a rate by reductions: of {@link ReduceLROnPlateau} alone, less}
     *
     * @param rate of {@link #learningRate}
     * @param reductions how many there have been
     */
    default double reduced(double rate, int reductions) {
        return rate;
    }

    /** {@return whether rates depend on the number of steps, so that a run of more steps is another one from its first step on} */
    default boolean dependsOnTotal() {
        return true;
    }
}
