package io.ketju.actors.stage;

import io.ketju.actors.checkpoint.Shard;
import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.RunFailure;
import io.ketju.pipeline.stage.Inspection;
import io.ketju.pipeline.stage.NonFinite;
import io.ketju.pipeline.stage.NonFiniteException;
import io.ketju.pipeline.stage.ParameterHistograms;
import io.ketju.pipeline.stage.StageEvent;
import io.ketju.pipeline.stage.StageMachine;
import io.ketju.pipeline.stage.WindowMetrics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * What a rank tells its coordinator of its stages; of what breaks, only the first. While there is enough left to do, finished
 * windows are told of several at a time: a message to another process costs more than a short window. Used by the rank's actor
 * alone.
 */
final class StageReports {
    /** While no more windows than this, or than overlap, are granted, each that is finished is told of at once. */
    static final int FEW_LEFT = StageMachine.MAX_WINDOWS / 4;

    /** Finished windows that are told of together, at most. */
    static final int MOST_HELD = StageMachine.MAX_WINDOWS / 2;

    /** Numbers that were measured and are told in one message, if not by one window: some 40 kB. */
    static final int MOST_NUMBERS = 5_000;

    /** What is held back no longer than this. */
    static final Duration LONGEST_HELD = Duration.ofMillis(50);

    private final int incarnation;
    private final int fewLeft;
    private final IntSupplier grantedWindows;
    private final Consumer<Duration> alarm;
    private final List<CoordinatorCommand.WindowFinished> held = new ArrayList<>();
    private boolean awaitsAlarm;
    private final ActorRef<CoordinatorCommand> coordinator;
    private final Set<Integer> stopped = new HashSet<>();
    private boolean failed;

    /** @param alarm has {@link #tellFinished} called after a time */
    StageReports(StageParts parts, Consumer<Duration> alarm) {
        this(
                Math.max(FEW_LEFT, parts.computes().getFirst().plan().windows()),
                parts.incarnation(),
                parts.coordinator(),
                parts.machine()::grantedWindows,
                alarm);
    }

    StageReports(
            int fewLeft,
            int incarnation,
            ActorRef<CoordinatorCommand> coordinator,
            IntSupplier grantedWindows,
            Consumer<Duration> alarm) {
        this.fewLeft = fewLeft;
        this.incarnation = incarnation;
        this.coordinator = coordinator;
        this.grantedWindows = grantedWindows;
        this.alarm = alarm;
    }

    /** Whether the rank does nothing any more but discard. */
    boolean failed() {
        return failed;
    }

    /** The run fails, whatever this rank says from now on. */
    void fallSilent() {
        tellHeld();
        failed = true;
    }

    void windowFinished(int stage, long window, Optional<WindowMetrics> metrics, long busyNanos) {
        held.add(new CoordinatorCommand.WindowFinished(incarnation, stage, window, metrics, busyNanos));
        if (grantedWindows.getAsInt() <= fewLeft || held.size() >= MOST_HELD) {
            tellHeld();
        } else if (!awaitsAlarm) {
            awaitsAlarm = true;
            alarm.accept(LONGEST_HELD);
        }
    }

    /** The alarm went off. */
    void tellFinished() {
        awaitsAlarm = false;
        tellHeld();
    }

    /** In as few messages as can be: one with more numbers than it has room for goes alone. */
    private void tellHeld() {
        int begin = 0;
        int numbers = 0;
        for (int i = 0; i < held.size(); i++) {
            int more = held.get(i).metrics().map(WindowMetrics::numbers).orElse(0);
            if (numbers + more > MOST_NUMBERS) {
                tellHeld(begin, i);
                begin = i;
                numbers = 0;
            }
            numbers += more;
        }
        tellHeld(begin, held.size());
        held.clear();
    }

    private void tellHeld(int begin, int end) {
        if (end - begin == 1) {
            coordinator.tell(held.get(begin));
        } else if (end > begin) {
            coordinator.tell(new CoordinatorCommand.WindowsFinished(incarnation, held.subList(begin, end)));
        }
    }

    private void tell(CoordinatorCommand report) {
        tellHeld();
        coordinator.tell(report);
    }

    /** A message each: together they may be too large for one. */
    void histograms(long step, List<ParameterHistograms> counted) {
        for (ParameterHistograms one : counted) {
            tell(new CoordinatorCommand.HistogramsCounted(incarnation, step, one));
        }
    }

    void sumsMade(int stage, long window, List<Double> sums) {
        tell(new CoordinatorCommand.SumsMade(incarnation, stage, window, sums));
    }

    void shardReady(int stage, long step) {
        tell(new CoordinatorCommand.ShardReady(incarnation, stage, step));
    }

    void shardSaved(int stage, long step, Shard shard) {
        tell(new CoordinatorCommand.ShardSaved(incarnation, stage, step, shard));
    }

    void inspected(Inspection inspection) {
        tell(new CoordinatorCommand.MicrobatchInspected(incarnation, inspection));
    }

    void neighbourLost(int neighbour, long step, String cause) {
        tell(new CoordinatorCommand.NeighbourLost(incarnation, neighbour, step, cause));
    }

    /**
     * What a stage computed threw.
     *
     * @return what the machine has to hear: that the stage stops, or that all do; empty: it did already
     */
    Optional<StageEvent> threw(int stage, String where, @Nullable Throwable thrown, long step) {
        return thrown instanceof NonFiniteException e && e.found().isPresent()
                ? notFinite(stage, e.found().get())
                : failed(new RunFailure.StageFailed(stage, step, where + ": " + thrown), Optional.ofNullable(thrown));
    }

    /** A stage broke, and the rank with it; answers as {@link #threw}. */
    Optional<StageEvent> failed(RunFailure.OfStage failure, Optional<Throwable> thrown) {
        if (failed) {
            return Optional.empty();
        }
        failed = true;
        tell(new CoordinatorCommand.StageFailed(incarnation, failure, thrown));
        return Optional.of(new StageEvent.Aborted(failure.cause()));
    }

    /** Told as such: other stages may have met the same, those of this rank too, and know better where it began. */
    private Optional<StageEvent> notFinite(int stage, NonFinite found) {
        if (failed || !stopped.add(stage)) {
            return Optional.empty();
        }
        tell(new CoordinatorCommand.NonFiniteFound(incarnation, found));
        return Optional.of(new StageEvent.StageStopped(stage, found.what()));
    }
}
