package io.ketju.records.timeline;

import io.ketju.actors.job.TimelineSample;
import io.ketju.actors.job.TimelineWatcher;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingListener;
import java.util.Optional;

/**
 * A few steps of a run as they were measured, for whoever tells of it afterwards: a listener that keeps what all ranks did in one
 * training window, or two that follow each other, from the middle of the run if it comes so far. It asks for three such samples in all, so that a
 * run is not slowed: at its first step, from its eleventh on, when it is warm, and from the middle of its steps on; the newest is kept.
 * No bit of the run depends on it. Any thread may ask.
 */
public final class WatchedSteps implements TrainingListener, TimelineWatcher {
    /** Steps of a start until code is compiled and memory was touched. */
    private static final long WARM = 10;

    private static final int SAMPLES = 3;

    /** Samples that are asked for, also if some do not come: of the last windows of a start none may. */
    private static final int MOST_ASKED = 2 * SAMPLES;

    private long firstStep = 1;
    private long totalSteps;
    private long steps;
    private int asked;
    private int seen;
    private Optional<Sample> newest = Optional.empty();

    /**
     * What was seen.
     *
     * @param ranks what all of them did
     * @param step the last one of which the run had told by then: the windows are of this step or shortly after it
     * @param totalSteps of the job
     */
    public record Sample(TimelineSample ranks, long step, long totalSteps) {}

    /** One that has seen nothing yet, for one run. */
    public WatchedSteps() {}

    @Override
    public synchronized void on(TrainingEvent event) {
        if (event instanceof TrainingEvent.Started started) {
            firstStep = started.firstStep();
            steps = firstStep - 1;
            totalSteps = started.job().totalSteps();
        } else if (event instanceof TrainingEvent.StepFinished done) {
            steps = done.step();
        }
    }

    @Override
    public Optional<TimelineWatcher> timeline() {
        return Optional.of(this);
    }

    @Override
    public synchronized boolean watching() {
        if (asked == MOST_ASKED || !isDue()) {
            return false;
        }
        asked++;
        return true;
    }

    private boolean isDue() {
        return switch (seen) {
            case 0 -> true;
            case 1 -> steps >= firstStep - 1 + WARM;
            case 2 -> steps >= Math.max(firstStep - 1 + WARM, firstStep - 1 + (totalSteps - firstStep + 1) / 2);
            default -> false;
        };
    }

    /** Others who watch the same run get what they ask for; of that only what is due here is kept. */
    @Override
    public synchronized void saw(TimelineSample sample) {
        if (isDue()) {
            seen++;
            newest = Optional.of(new Sample(sample, steps, totalSteps));
        }
    }

    /**
     * What is known by now.
     *
     * @return empty as long as no windows were told of whole
     */
    public synchronized Optional<Sample> sample() {
        return newest;
    }
}
