package io.ketju.actors.measure;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How the loss goes with the learning rate while that rises from step to step: the range test of Smith 2015, "Cyclical Learning
 * Rates for Training Neural Networks". The rate to begin with is where the loss falls fastest. Pure: losses come from outside.
 *
 * <p>Losses of single mini-batches jump, so what is looked at is their moving average, corrected for its begin as Adam's are.
 */
public final class LearningRateCurve {
    /** What stays of the average in a step. */
    private static final double SMOOTHING = 0.9;

    /** The test is over where the average is so many times its least. */
    private static final double DIVERGED = 4;

    /** Steps at the begin that say nothing yet of where the loss falls. */
    private static final int SKIPPED = 5;

    /** Fewest that a slope can be told from. */
    private static final int FEWEST = SKIPPED + 3;

    /**
     * One step.
     *
     * @param rate of the optimizer
     * @param loss of the mini-batch before its step
     * @param average of the losses so far
     */
    public record Point(double rate, double loss, double average) {}

    private final double from;
    private final double factor;
    private final List<Point> points = new ArrayList<>();
    private double average;
    private double least = Double.POSITIVE_INFINITY;
    private boolean diverged;

    /**
     * Rates that are all the same factor apart.
     *
     * @param from rate of the first step, > 0
     * @param to rate of the last one, larger
     * @param steps how many there are, at least 10
     * @throws IllegalArgumentException if the rates do not rise from above 0, or the steps are too few
     */
    public LearningRateCurve(double from, double to, int steps) {
        if (!(from > 0 && to > from && Double.isFinite(to))) {
            throw new IllegalArgumentException("expected rates that rise from above 0, found " + from + " to " + to);
        }
        if (steps < 10) {
            throw new IllegalArgumentException("expected at least 10 steps, found " + steps);
        }
        this.from = from;
        factor = StrictMath.pow(to / from, 1.0 / (steps - 1));
    }

    /** {@return what the rate of a step is multiplied by for the next one, above 1} */
    public double factor() {
        return factor;
    }

    /**
     * Takes the loss of the next step; after the end of the test it is ignored.
     *
     * @param loss of its mini-batch, before the step; a NaN or an infinity ends the test, and becomes no point
     */
    public void add(double loss) {
        if (diverged) {
            return;
        }
        if (!Double.isFinite(loss)) {
            diverged = true;
            return;
        }
        int step = points.size();
        average = SMOOTHING * average + (1 - SMOOTHING) * loss;
        double corrected = average / (1 - StrictMath.pow(SMOOTHING, step + 1.0));
        points.add(new Point(from * StrictMath.pow(factor, step), loss, corrected));
        least = Math.min(least, corrected);
        diverged = step >= SKIPPED && corrected > DIVERGED * least;
    }

    /** {@return whether larger rates need not be tried} */
    public boolean diverged() {
        return diverged;
    }

    /** {@return all steps so far, in their order} */
    public List<Point> points() {
        return List.copyOf(points);
    }

    /**
     * {@return where the average falls fastest over the logarithm of the rate, up to its least; empty where it never falls, or too few
     * steps were taken}
     */
    public Optional<Point> steepest() {
        if (points.size() < FEWEST) {
            return Optional.empty();
        }
        Point found = null;
        double slope = 0;
        int end = points.indexOf(lowest());
        for (int i = SKIPPED; i <= end && i < points.size() - 1; i++) {
            // Rates are a factor apart, so differences over the logarithm are differences over the steps.
            double here = points.get(i + 1).average() - points.get(i - 1).average();
            if (here < slope) {
                slope = here;
                found = points.get(i);
            }
        }
        return Optional.ofNullable(found);
    }

    /**
     * {@return where the average is least}
     *
     * @throws IllegalStateException before the first step
     */
    public Point lowest() {
        return points.stream()
                .min((a, b) -> Double.compare(a.average(), b.average()))
                .orElseThrow(() -> new IllegalStateException("no step was taken"));
    }
}
