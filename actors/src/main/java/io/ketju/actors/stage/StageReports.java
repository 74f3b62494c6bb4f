package io.ketju.actors.stage;

import io.ketju.actors.checkpoint.Shard;
import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.RunFailure;
import io.ketju.pipeline.stage.Inspection;
import io.ketju.pipeline.stage.NonFinite;
import io.ketju.pipeline.stage.NonFiniteException;
import io.ketju.pipeline.stage.StageEvent;
import io.ketju.pipeline.stage.WindowMetrics;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** What a rank tells its coordinator of its stages; of what breaks, only the first. Used by the rank's actor alone. */
final class StageReports {
    private final int incarnation;
    private final ActorRef<CoordinatorCommand> coordinator;
    private final Set<Integer> stopped = new HashSet<>();
    private boolean failed;

    StageReports(StageParts parts) {
        this.incarnation = parts.incarnation();
        this.coordinator = parts.coordinator();
    }

    /** Whether the rank does nothing any more but discard. */
    boolean failed() {
        return failed;
    }

    /** The run fails, whatever this rank says from now on. */
    void fallSilent() {
        failed = true;
    }

    void windowFinished(int stage, long window, Optional<WindowMetrics> metrics, long busyNanos) {
        coordinator.tell(new CoordinatorCommand.WindowFinished(incarnation, stage, window, metrics, busyNanos));
    }

    void sumsMade(int stage, long window, List<Double> sums) {
        coordinator.tell(new CoordinatorCommand.SumsMade(incarnation, stage, window, sums));
    }

    void shardSaved(int stage, long step, Shard shard) {
        coordinator.tell(new CoordinatorCommand.ShardSaved(incarnation, stage, step, shard));
    }

    void inspected(Inspection inspection) {
        coordinator.tell(new CoordinatorCommand.MicrobatchInspected(incarnation, inspection));
    }

    void neighbourLost(int neighbour, long step, String cause) {
        coordinator.tell(new CoordinatorCommand.NeighbourLost(incarnation, neighbour, step, cause));
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
        coordinator.tell(new CoordinatorCommand.StageFailed(incarnation, failure, thrown));
        return Optional.of(new StageEvent.Aborted(failure.cause()));
    }

    /** Told as such: other stages may have met the same, those of this rank too, and know better where it began. */
    private Optional<StageEvent> notFinite(int stage, NonFinite found) {
        if (failed || !stopped.add(stage)) {
            return Optional.empty();
        }
        coordinator.tell(new CoordinatorCommand.NonFiniteFound(incarnation, found));
        return Optional.of(new StageEvent.StageStopped(stage, found.what()));
    }
}
