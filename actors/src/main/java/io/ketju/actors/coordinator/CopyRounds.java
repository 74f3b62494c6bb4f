package io.ketju.actors.coordinator;

import io.ketju.actors.job.HandedBatches;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.message.PlannedWindow;
import io.ketju.pipeline.stage.StagePlan;
import java.util.BitSet;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * After which windows of a start stages copy what they have learnt to a neighbour's memory, one round at a time, and which round is
 * whole. As often as it costs no more than {@link #MOST_SHARE} of the time of training, by what a step takes and what is copied.
 */
final class CopyRounds {
    /** Of the time of training. */
    static final double MOST_SHARE = 0.035;

    /** What a byte costs both ends together, taken high: copied, hashed twice, sent, checked and put away. */
    private static final double NANOS_PER_BYTE = 3;

    /** What a round costs besides, for each stage, taken high: a few messages. */
    private static final double NANOS_PER_STAGE = 150_000;

    /** Steps after which their mean is worth something. */
    private static final int FEW = 8;

    private static final long MOST_STEPS = 1_000_000;

    private static final Logger LOG = LoggerFactory.getLogger(CopyRounds.class);

    private final TrainingJob job;
    private final BiConsumer<Long, String> whole;
    private final LongSupplier nanoTime;
    private final OptionalInt asked;
    private final boolean possible;
    private final double roundNanos;
    private final BitSet held = new BitSet();
    /** Of the round that is under way; 0: none. */
    private long step;

    private @Nullable String progress;
    private long next = 1;
    /** Steps from one round to the next; 0: not known yet. */
    private long interval;

    private long firstAt;
    private long steps;

    /**
     * @param ways whether there are ways from worker to worker for copies
     * @param whole hears of every round that is: after which step, and what the run's windows had heard until then
     * @param nanoTime a clock that never goes back, in nanoseconds
     */
    CopyRounds(TrainingJob job, boolean ways, BiConsumer<Long, String> whole, LongSupplier nanoTime) {
        this.job = job;
        this.whole = whole;
        this.nanoTime = nanoTime;
        this.asked = job.checkpoints().copies();
        this.interval = asked.orElse(0);
        // A run that searches repeats windows of a step; one whose windows overlap has no moment between two steps.
        // A session's steps are its caller's, and are not taken again.
        this.possible = ways
                && !(job.train() instanceof HandedBatches)
                && job.maxRestarts() > 0
                && !asked.equals(OptionalInt.of(0))
                && job.pipeline().recipe().search().isEmpty()
                && job.pipeline().overlap().isEmpty();
        long bytes = 0;
        for (StagePlan plan : StagePlan.all(job.pipeline())) {
            bytes += plan.copyBytes();
        }
        this.roundNanos = bytes * NANOS_PER_BYTE + job.pipeline().keptStages() * NANOS_PER_STAGE;
    }

    /**
     * A window is granted; says whether it is to be followed by copies. Never where its data epoch ends: what is measured then is of the
     * epoch, and a start from there would not measure it again.
     */
    boolean begins(PlannedWindow window) {
        if (!possible) {
            return false;
        }
        boolean between = window.trains()
                && window.endsStep()
                && !window.checkpoint()
                && window.step() % job.stepsPerEpoch() != 0;
        if (!between || step != 0 || interval == 0 || window.step() < next) {
            return false;
        }
        step = window.step();
        held.clear();
        progress = null;
        return true;
    }

    /**
     * All stages have finished a window.
     *
     * @param now what the run's windows have heard until then
     */
    void finished(PlannedWindow window, String now) {
        if (window.trains() && window.endsStep()) {
            measure();
            if (window.step() == step) {
                progress = now;
                completeIfWhole();
            }
        }
    }

    /** A neighbour keeps the copy of a stage. */
    void held(int stage, long ofStep) {
        if (ofStep == step && stage >= 0 && stage < job.pipeline().keptStages()) {
            held.set(stage);
            completeIfWhole();
        }
    }

    private void completeIfWhole() {
        if (step != 0
                && progress != null
                && held.cardinality() == job.pipeline().keptStages()) {
            whole.accept(step, progress);
            next = step + interval;
            step = 0;
        }
    }

    /** The mean of all steps so far; after a few it is known how often copies are taken. */
    private void measure() {
        long now = nanoTime.getAsLong();
        if (steps == 0) {
            firstAt = now;
        } else if (asked.isEmpty() && steps >= FEW) {
            double stepNanos = Math.max(1, (double) (now - firstAt) / steps);
            long chosen = Math.clamp((long) Math.ceil(roundNanos / (MOST_SHARE * stepNanos)), 1, MOST_STEPS);
            if (interval == 0 && possible) {
                LOG.info(
                        "copies in memory after every {} steps or so: a round takes {} ms, a step {} ms",
                        chosen,
                        Math.round(roundNanos / 1e4) / 100.0,
                        Math.round(stepNanos / 1e4) / 100.0);
            }
            interval = chosen;
        }
        steps++;
    }
}
