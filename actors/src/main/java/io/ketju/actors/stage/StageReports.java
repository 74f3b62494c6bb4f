package io.ketju.actors.stage;

import io.ketju.actors.checkpoint.Shard;
import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.RunFailure;
import io.ketju.pipeline.stage.Inspection;
import io.ketju.pipeline.stage.NonFinite;
import io.ketju.pipeline.stage.NonFiniteException;
import io.ketju.pipeline.stage.WindowMetrics;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/** What a stage tells its coordinator; of what breaks, only the first. Used by the stage's actor alone. */
final class StageReports {
    private final int incarnation;
    private final int stage;
    private final ActorRef<CoordinatorCommand> coordinator;
    private boolean failed;

    StageReports(StageParts parts) {
        this.incarnation = parts.incarnation();
        this.stage = parts.stage();
        this.coordinator = parts.coordinator();
    }

    /** Whether the stage does nothing any more but discard. */
    boolean failed() {
        return failed;
    }

    /** The run fails, whatever this stage says from now on. */
    void fallSilent() {
        failed = true;
    }

    void windowFinished(long window, Optional<WindowMetrics> metrics, long busyNanos) {
        coordinator.tell(new CoordinatorCommand.WindowFinished(incarnation, stage, window, metrics, busyNanos));
    }

    void shardSaved(long step, Shard shard) {
        coordinator.tell(new CoordinatorCommand.ShardSaved(incarnation, stage, step, shard));
    }

    void inspected(Inspection inspection) {
        coordinator.tell(new CoordinatorCommand.MicrobatchInspected(incarnation, inspection));
    }

    void neighbourLost(int neighbour, long step, String cause) {
        coordinator.tell(new CoordinatorCommand.NeighbourLost(incarnation, neighbour, step, cause));
    }

    /**
     * Something threw. A NaN or an infinity is told as such: other stages may have met the same, and know better where
     * it began.
     *
     * @return why the stage has to abort; empty: it did already
     */
    Optional<String> threw(String where, @Nullable Throwable thrown, long step) {
        if (thrown instanceof NonFiniteException e && e.found().isPresent()) {
            NonFinite found = e.found().get();
            return first(new CoordinatorCommand.NonFiniteFound(incarnation, found), found.what());
        }
        return failed(new RunFailure.StageFailed(stage, step, where + ": " + thrown), Optional.ofNullable(thrown));
    }

    /** The stage broke; answers as {@link #threw}. */
    Optional<String> failed(RunFailure.OfStage failure, Optional<Throwable> thrown) {
        return first(new CoordinatorCommand.StageFailed(incarnation, failure, thrown), failure.cause());
    }

    private Optional<String> first(CoordinatorCommand report, String reason) {
        if (failed) {
            return Optional.empty();
        }
        failed = true;
        coordinator.tell(report);
        return Optional.of(reason);
    }
}
