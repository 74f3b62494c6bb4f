package io.ketju.actors.measure;

import io.ketju.actors.Ketju;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingFailedException;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.layers.optimizer.ExponentialLR;
import io.ketju.layers.optimizer.LearningRateSchedule;

/**
 * Looks for a learning rate to begin with: trains a job for some steps at rates that rise, each a factor above the one before, and gives
 * the curve of its losses. The range test of Smith 2015, "Cyclical Learning Rates for Training Neural Networks". It ends early where
 * the loss has diverged.
 */
public final class LearningRateSearch {
    /** Fewest steps. */
    public static final int FEWEST_STEPS = 10;

    /** Most steps. */
    public static final int MOST_STEPS = 10_000;

    /** Makes the job, as often as it is asked, with what the search gives and all else as it is to be trained. */
    @FunctionalInterface
    public interface RisingJob {
        /**
         * The job.
         *
         * @param first the rate that its optimizer begins with; those of parameter groups begin with their own
         * @param rising its learning-rate schedule
         * @param epochs its epochs
         * @return one that is not kept: without a run directory, objectives, or a rule that ends it
         */
        TrainingJob of(double first, LearningRateSchedule rising, int epochs);
    }

    private final double first;
    private final double last;
    private final int steps;

    /**
     * A search between two rates.
     *
     * @param first rate of the first step, above 0
     * @param last rate of the last one, larger
     * @param steps how many there are, {@value #FEWEST_STEPS} to {@value #MOST_STEPS}
     * @throws IllegalArgumentException if the rates do not rise from above 0, or the steps are too few or too many
     */
    public LearningRateSearch(double first, double last, int steps) {
        this.first = first;
        this.last = last;
        this.steps = steps;
        if (steps > MOST_STEPS) {
            throw new IllegalArgumentException("expected at most " + MOST_STEPS + " steps, found " + steps);
        }
        curve(); // which knows what rates and how few steps can be
    }

    private LearningRateCurve curve() {
        return new LearningRateCurve(first, last, steps);
    }

    /**
     * The job that {@link #run} trains: its rates rise from step to step, and it has as many epochs as the steps take. Nothing runs yet.
     *
     * @param source makes it; it is asked twice, as only a job knows how many steps an epoch has
     * @return for {@link #run}
     * @throws InvalidJobException if it keeps its run, or has objectives, or a rule of its own may end it; or as the source throws
     */
    public TrainingJob job(RisingJob source) {
        LearningRateSchedule rising = new ExponentialLR(curve().factor());
        int inOneEpoch = source.of(first, rising, 1).stepsPerEpoch();
        TrainingJob job = source.of(first, rising, Math.ceilDiv(steps, inOneEpoch));
        if (job.kept()) {
            throw new InvalidJobException(
                    "run-dir: expected none for a search of a learning rate, as no run is kept, found "
                            + job.runDirectory().or(job::resume).orElseThrow());
        }
        if (!job.pipeline().recipe().objectives().isEmpty()) {
            throw new InvalidJobException(
                    "objectives: expected none for a search of a learning rate, as each has rates of its own");
        }
        if (job.bestEpoch().isPresent()) {
            throw new InvalidJobException("early-stopping: expected no rule for a search of a learning rate, found "
                    + job.bestEpoch().get());
        }
        return job;
    }

    /**
     * Trains the job and drops what it has learnt. A step that breaks the run when rates are large ends the search as a loss does that
     * is no number.
     *
     * @param job of {@link #job}
     * @return the losses by their rates, with at least one point
     * @throws TrainingFailedException if the run fails otherwise, or the loss was no number from the first step on
     */
    public LearningRateCurve run(TrainingJob job) {
        LearningRateCurve curve = curve();
        TrainingListener listener = TrainingListener.controlling((event, control) -> {
            if (event instanceof TrainingEvent.StepFinished done) {
                if (done.step() <= steps) {
                    curve.add(done.loss());
                }
                if (done.step() >= steps || curve.diverged()) {
                    control.stop("enough is known");
                }
            }
        });
        try {
            Ketju.fit(job, listener);
        } catch (TrainingFailedException e) {
            if (e.getCause() != null || !String.valueOf(e.getMessage()).matches("(?s).*(NaN|infinit|Infinity).*")) {
                throw e;
            }
            curve.add(Double.NaN);
        }
        if (curve.points().isEmpty()) {
            throw new TrainingFailedException("the loss was no number from the first step on");
        }
        return curve;
    }
}
