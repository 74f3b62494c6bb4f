package io.ketju.actors.coordinator;

import io.ketju.actors.job.Measured;
import io.ketju.actors.job.Stall;
import io.ketju.actors.job.TimelineWatcher;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.job.TrainingResult.Phases;
import io.ketju.actors.message.PlannedWindow;
import io.ketju.pipeline.stage.ParameterHistograms;
import io.ketju.pipeline.stage.WindowMetrics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Turns finished windows into what listeners hear, and adds up where the time went. Time comes from outside. It goes with a
 * run from one start to the next, so that whatever is repeated is told once.
 */
public final class RunReporter {
    private final TrainingJob job;
    private final List<TrainingListener> listeners;
    private final LongSupplier nanoTime;
    private final long startedAt;
    private final ReportedWindows reported = new ReportedWindows();
    private final StallClock still = new StallClock();
    private RateMeter meter;
    private @Nullable Restart restart;
    private @Nullable Move move;
    private @Nullable StagePace pace;
    private Optional<EpochScores> scores = Optional.empty();
    private Optional<EndedEpoch> untold = Optional.empty();
    private SequencedMap<String, Double> lastScores = new LinkedHashMap<>();
    private int restarts;
    private boolean announced;
    private EpochMetrics epoch = new EpochMetrics();
    private WindowMetrics lastTrain = WindowMetrics.NONE;
    private WindowMetrics lastTest = WindowMetrics.NONE;
    private final CountedHistograms histograms;
    private final StepRates rates;
    private long epochStartedAt;
    private long phaseStartedAt;
    private long startNanos;
    private long trainNanos;
    private long evaluateNanos;
    private long checkpointNanos;

    /**
     * One whose run starts now.
     *
     * @param job as the run begins with it
     * @param listeners told in this order, on the thread that calls
     * @param nanoTime a clock that never goes back, in nanoseconds
     * @param lanes actions that can run at once: compute threads, or stages where they are fewer, over all workers
     */
    public RunReporter(TrainingJob job, List<TrainingListener> listeners, LongSupplier nanoTime, int lanes) {
        this.job = job;
        this.listeners = List.copyOf(listeners);
        this.nanoTime = nanoTime;
        this.startedAt = nanoTime.getAsLong();
        this.phaseStartedAt = startedAt;
        this.meter = new RateMeter(lanes);
        this.histograms = new CountedHistograms(job.model().weights());
        this.rates = new StepRates(job.pipeline().recipe());
    }

    /**
     * Why a run begins again.
     *
     * @param cause one line
     * @param lanes as those of the first start
     */
    public record Restart(String cause, int lanes) {}

    /**
     * What a run goes on with in place of the stages that it had.
     *
     * @param job with its new cut
     * @param before bounds of the stages until now
     * @param cause one line
     * @param lanes as those of the first start
     */
    public record Move(TrainingJob job, List<Integer> before, String cause, int lanes) {
        /** Copies the list. */
        public Move {
            before = List.copyOf(before);
        }
    }

    /** One that is to be told when the state after its last step is in a checkpoint. */
    private record EndedEpoch(int epoch, long step, long nanos, List<ParameterHistograms> histograms) {}

    /** Those of the listeners that look at what ranks do. */
    List<TimelineWatcher> watchers() {
        return listeners.stream()
                .flatMap(listener -> listener.timeline().stream())
                .toList();
    }

    /**
     * Has the times of the stages measured from now on.
     *
     * @param measured hears how long stages are busy; null: nobody does
     */
    public void pacedBy(@Nullable StagePace measured) {
        pace = measured;
    }

    /**
     * Has the end of each epoch told with more than its windows measured, as soon as its state is in a checkpoint.
     *
     * @param more what that is; empty: nothing
     */
    public void scoredBy(Optional<EpochScores> more) {
        scores = more;
    }

    /** One stage has finished a window. */
    void busy(int stage, long window, long nanos) {
        if (pace != null) {
            pace.busy(stage, window, nanos);
        }
    }

    /**
     * The run goes on with other stages: {@link #started} is next.
     *
     * @param next what it goes on with
     */
    public void moving(Move next) {
        move = next;
        meter = new RateMeter(next.lanes());
        reported.restarted();
        still.released(nanoTime.getAsLong());
    }

    /**
     * What it was to go on with could not be placed: it goes on as it was, and {@link #started} is next.
     *
     * @param lanes actions that can run at once, over the workers that there are now
     */
    public void staying(int lanes) {
        move = null;
        meter = new RateMeter(lanes);
        reported.restarted();
    }

    /**
     * The run begins again: {@link #started} is next.
     *
     * @param again why, and over what
     */
    public void restarting(Restart again) {
        restart = again;
        restarts++;
        meter = new RateMeter(again.lanes());
        reported.restarted();
    }

    /**
     * All stages are connected.
     *
     * @param completedSteps steps that the start goes on after; 0: none
     * @param workers JVMs that hold stages
     * @throws ListenerFailedException if a listener throws
     */
    public void started(long completedSteps, int workers) {
        long nanos = lap();
        startNanos += nanos;
        epochStartedAt = move == null ? phaseStartedAt : epochStartedAt + nanos;
        meter.start(phaseStartedAt);
        if (!announced) {
            announced = true;
            tell(new TrainingEvent.Started(job, completedSteps + 1, workers));
        }
        Restart again = restart;
        if (again != null) {
            restart = null;
            tell(new TrainingEvent.Restarted(again.cause(), completedSteps + 1, restarts, workers));
        }
        Move moved = move;
        if (moved != null) {
            move = null;
            Stall stall = still.until(phaseStartedAt);
            tell(new TrainingEvent.Repartitioned(
                    moved.job(), moved.before(), moved.cause(), completedSteps + 1, workers, stall));
        }
        still.worked(phaseStartedAt);
    }

    /**
     * One window is done on all stages.
     *
     * @param planned the window; ends nothing where its step goes on after it
     * @param samples of its mini-batch
     * @param metrics of all heads together
     * @param busyNanos what the stages computed for it, in nanoseconds, added up over them
     * @throws ListenerFailedException if a listener throws
     */
    public void finished(PlannedWindow planned, int samples, WindowMetrics metrics, long busyNanos) {
        long nanos = lap();
        still.worked(phaseStartedAt);
        if (pace != null) {
            pace.finished(planned);
        }
        meter.add(phaseStartedAt, planned.endsStep() ? samples : 0, busyNanos);
        if (planned.trains()) {
            trainNanos += nanos;
        } else {
            evaluateNanos += nanos;
        }
        if (reported.isNew(planned)) {
            report(planned, samples, metrics);
        } else if (planned.endsEpoch()) {
            histograms.take(planned.step());
        }
    }

    private void report(PlannedWindow planned, int samples, WindowMetrics metrics) {
        epoch.add(planned, metrics);
        if (planned.trains()) {
            rates.add(planned);
        }
        if (planned.trains() && planned.endsStep()) {
            endStep(planned, samples);
        }
        if (planned.endsEpoch()) {
            endEpoch(planned);
        }
    }

    /**
     * The values of a parameter were counted after a step.
     *
     * @param step of this epoch or of one that a stage is ahead in
     * @param counted of one parameter
     */
    public void counted(long step, ParameterHistograms counted) {
        histograms.add(step, counted);
    }

    /** All stages hold a copy of what a checkpoint is of: training, which stood still since the last window, goes on. */
    public void copied() {
        stoodStill();
    }

    /**
     * A checkpoint is committed.
     *
     * @param step that it is of
     * @param directory its own, with manifest and shards
     * @param awaited whether training stood still until now; if not, no time of training went by for it
     * @throws ListenerFailedException if a listener throws
     */
    public void checkpointed(long step, Path directory, boolean awaited) {
        if (awaited) {
            stoodStill();
        }
        // First, as listeners write down what they have heard then: what more is told of an epoch can take minutes.
        tell(new TrainingEvent.CheckpointCommitted(step, directory));
        kept(step, directory);
    }

    /**
     * The state after a step is in a checkpoint: an epoch that ended with it can be told.
     *
     * @param step that it is of
     * @param directory its own, with manifest and shards
     * @throws ListenerFailedException if a listener throws
     * @throws IllegalStateException if what more is told of the epoch ends with an error, as without memory
     */
    void kept(long step, Path directory) {
        EndedEpoch epochOfStep = untold.filter(one -> one.step() == step).orElse(null);
        if (epochOfStep == null) {
            return;
        }
        untold = Optional.empty();
        lastScores = scored(epochOfStep, directory);
        long nanos = lap();
        evaluateNanos += nanos;
        epochStartedAt = phaseStartedAt;
        meter.start(phaseStartedAt);
        still.worked(phaseStartedAt);
        tellEpoch(epochOfStep, nanos);
    }

    /** An error would end the coordinator without a word. */
    private SequencedMap<String, Double> scored(EndedEpoch ended, Path directory) {
        try {
            return scores.orElseThrow().of(directory);
        } catch (Error e) {
            throw new IllegalStateException(
                    "what is measured of epoch " + ended.epoch() + " beside its windows: " + e, e);
        }
    }

    /** What was waited for a checkpoint is no part of an epoch, nor of the rate. */
    private void stoodStill() {
        long nanos = lap();
        checkpointNanos += nanos;
        still.kept(phaseStartedAt);
        epochStartedAt += nanos;
        meter.start(phaseStartedAt);
    }

    /** {@return where the time went so far, over all starts} */
    public Phases phases() {
        return new Phases(
                Duration.ofNanos(startNanos),
                Duration.ofNanos(trainNanos),
                Duration.ofNanos(evaluateNanos),
                Duration.ofNanos(checkpointNanos));
    }

    /** {@return what was measured over the training samples of the last whole data epoch, each before its step; nothing before that} */
    public Measured train() {
        return measured(lastTrain);
    }

    /** {@return what was measured over the test samples at the end of the last whole data epoch; nothing if there were none} */
    public Measured test() {
        return measured(lastTest).with(lastScores);
    }

    private Measured measured(WindowMetrics metrics) {
        return Measured.of(metrics, job.model());
    }

    /** What the windows of all objectives measured is told together. */
    private void endStep(PlannedWindow last, int samples) {
        Measured measured = measured(epoch.lastStep());
        tell(new TrainingEvent.StepFinished(
                last.step(),
                last.epoch(),
                measured,
                samples,
                meter.samplesPerSecond(),
                meter.idleShare(),
                rates.ofStep()));
    }

    private void endEpoch(PlannedWindow ended) {
        lastTrain = epoch.train();
        lastTest = epoch.test();
        epoch = new EpochMetrics();
        EndedEpoch over = new EndedEpoch(
                ended.epoch(), ended.step(), phaseStartedAt - epochStartedAt, histograms.take(ended.step()));
        epochStartedAt = phaseStartedAt;
        if (scores.isPresent()) {
            untold = Optional.of(over);
        } else {
            tellEpoch(over, 0);
        }
    }

    private void tellEpoch(EndedEpoch over, long moreNanos) {
        Duration duration = Duration.ofNanos(over.nanos() + moreNanos);
        tell(new TrainingEvent.EpochFinished(over.epoch(), train(), test(), duration, over.histograms()));
    }

    private long lap() {
        long now = nanoTime.getAsLong();
        long nanos = now - phaseStartedAt;
        phaseStartedAt = now;
        return nanos;
    }

    private void tell(TrainingEvent event) {
        for (TrainingListener listener : listeners) {
            try {
                listener.on(event);
            } catch (Throwable e) {
                throw new ListenerFailedException(describe(event), e);
            }
        }
    }

    private static String describe(TrainingEvent event) {
        return switch (event) {
            case TrainingEvent.WaitingForWorkers waiting -> "WaitingForWorkers";
            case TrainingEvent.Started started -> "Started";
            case TrainingEvent.Restarted again -> "Restarted";
            case TrainingEvent.Repartitioned moved -> "Repartitioned";
            case TrainingEvent.StepFinished step -> "StepFinished of step " + step.step();
            case TrainingEvent.EpochFinished epoch -> "EpochFinished of epoch " + epoch.epoch();
            case TrainingEvent.CheckpointCommitted checkpoint -> "CheckpointCommitted of step " + checkpoint.step();
        };
    }
}
