package io.ketju.web;

import io.ketju.actors.job.Measured;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.layers.optimizer.LearningRateSchedule;
import io.ketju.layers.optimizer.PlateauState;
import io.ketju.layers.optimizer.ReduceLROnPlateau;
import java.util.Optional;

/**
 * The learning rate of each step as it is, of a run that is heard of from its first step on. That of a schedule that watches the
 * run follows from what epochs measured: a run that was resumed has reduced its rates as epochs went that nobody heard of here, so that
 * its rate is not known.
 */
final class RateInForce {
    private final TrainingJob job;
    private final Optional<ReduceLROnPlateau> rule;
    private final boolean known;
    private Optional<PlateauState> state;

    RateInForce(TrainingJob job, long firstStep) {
        this.job = job;
        LearningRateSchedule schedule = job.learningRateSchedule();
        rule = schedule instanceof ReduceLROnPlateau watching ? Optional.of(watching) : Optional.empty();
        known = rule.isEmpty() || firstStep == 1;
        state = rule.map(ReduceLROnPlateau::start);
    }

    /** Whether there is a rate to be shown. */
    boolean known() {
        return known;
    }

    /** An epoch is over, after which the rates of steps may be less. */
    void after(TrainingEvent.EpochFinished epoch) {
        state = rule.flatMap(watching -> state.map(before -> watching.after(before, watched(watching, epoch))));
    }

    /** What is not told was not measured: NaN, which is no improvement. */
    private static double watched(ReduceLROnPlateau rule, TrainingEvent.EpochFinished epoch) {
        Measured measured = rule.data() == ReduceLROnPlateau.Watched.TRAIN ? epoch.train() : epoch.test();
        return measured.get(rule.metric()).orElse(Double.NaN);
    }

    /** Of a step after all epochs that were told, where it is known. */
    double at(long step) {
        LearningRateSchedule schedule = job.learningRateSchedule();
        double rate = schedule.learningRate(job.optimizer().learningRate(), step, job.totalSteps());
        return schedule.reduced(rate, state.map(PlateauState::reductions).orElse(0));
    }
}
