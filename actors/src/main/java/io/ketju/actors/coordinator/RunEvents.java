package io.ketju.actors.coordinator;

import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.FeederReport;
import io.ketju.actors.message.RunFailure;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the reports of a run's workers, stages and feeder are to a {@link CoordinatorMachine}. */
final class RunEvents {
    private static final Logger LOG = LoggerFactory.getLogger(RunEvents.class);

    private static final RunFailure FEEDER_ENDED = new RunFailure.ActorEnded("the batch feeder");

    private final CoordinatorParts parts;
    private final RunFeeder feeder;
    private final LongSupplier completedSteps;
    private @Nullable RunFailure firstLost;

    /**
     * @param completedSteps steps that all stages have taken by now
     */
    RunEvents(CoordinatorParts parts, RunFeeder feeder, LongSupplier completedSteps) {
        this.parts = parts;
        this.feeder = feeder;
        this.completedSteps = completedSteps;
    }

    /** A worker or a stage reported something, or several things together. */
    List<CoordinatorEvent> of(CoordinatorCommand.Report report) {
        return report instanceof CoordinatorCommand.WindowsFinished several
                ? several.finished().stream().map(this::one).toList()
                : List.of(one(report));
    }

    private CoordinatorEvent one(CoordinatorCommand.Report report) {
        return switch (report) {
            case CoordinatorCommand.WorkerPlaced placed -> new CoordinatorEvent.WorkerPlaced(placed.worker());
            case CoordinatorCommand.FeederEnded ended -> feederEnded();
            case CoordinatorCommand.WorkerConnected done -> new CoordinatorEvent.WorkerConnected(done.worker());
            case CoordinatorCommand.WorkerReleased done -> new CoordinatorEvent.WorkerReleased(done.worker());
            case CoordinatorCommand.WorkerFailed failed ->
                new CoordinatorEvent.WorkerFailed(
                        failed.worker(),
                        new RunFailure.WorkerRefused(parts.workerName(failed.worker()), failed.refusal()),
                        failed.thrown());
            case CoordinatorCommand.WindowFinished done -> {
                parts.reporter().busy(done.stage(), done.window(), done.busyNanos());
                yield new CoordinatorEvent.WindowFinished(
                        done.stage(), done.window(), done.metrics(), done.busyNanos());
            }
            case CoordinatorCommand.WindowsFinished several ->
                throw new IllegalArgumentException("expected one event, found " + several);
            case CoordinatorCommand.SumsMade made ->
                new CoordinatorEvent.SumsMade(made.stage(), made.window(), made.sums());
            case CoordinatorCommand.ShardReady ready -> new CoordinatorEvent.ShardReady(ready.stage(), ready.step());
            case CoordinatorCommand.ShardSaved saved ->
                new CoordinatorEvent.ShardSaved(saved.stage(), saved.step(), saved.shard());
            case CoordinatorCommand.StageFailed failed ->
                new CoordinatorEvent.Failed(failed.failure(), failed.thrown());
            case CoordinatorCommand.NonFiniteFound met -> new CoordinatorEvent.NonFiniteFound(met.found());
            case CoordinatorCommand.MicrobatchInspected answer ->
                new CoordinatorEvent.MicrobatchInspected(answer.inspection());
            case CoordinatorCommand.NeighbourLost lost -> feederLost(lost);
        };
    }

    /** The feeder reported something. */
    CoordinatorEvent of(FeederReport report) {
        return switch (report) {
            case FeederReport.Connected connected -> new CoordinatorEvent.WorkerConnected(parts.feederParty());
            case FeederReport.Failed failed -> new CoordinatorEvent.Failed(failed.failure(), failed.thrown());
            case FeederReport.Stopped stopped -> new CoordinatorEvent.WorkerReleased(parts.feederParty());
        };
    }

    /** What was to be done threw. */
    static CoordinatorEvent.EffectFailed failed(RuntimeException e) {
        String line = String.valueOf(e.getMessage());
        return switch (e) {
            case DataFailedException data ->
                new CoordinatorEvent.EffectFailed(new RunFailure.BadData(line), Optional.of(data.thrown()));
            case ListenerFailedException listener ->
                new CoordinatorEvent.EffectFailed(
                        new RunFailure.CoordinatorFailed(line), Optional.of(listener.thrown()));
            default -> new CoordinatorEvent.EffectFailed(new RunFailure.CoordinatorFailed(line), Optional.of(e));
        };
    }

    /** The feeder's actor has ended, not by its own report. */
    CoordinatorEvent feederEnded() {
        return new CoordinatorEvent.WorkerLost(parts.feederParty(), FEEDER_ENDED);
    }

    /** The actor that writes manifests has ended. */
    CoordinatorEvent writerEnded() {
        return new CoordinatorEvent.Failed(new RunFailure.ActorEnded("the manifest writer"));
    }

    /** The feeder is gone with its worker. */
    CoordinatorEvent feederLostWith(int worker) {
        return new CoordinatorEvent.WorkerLost(parts.feederParty(), lost(worker));
    }

    /** A worker of this run is gone. */
    CoordinatorEvent workerLost(int worker) {
        return new CoordinatorEvent.WorkerLost(worker, lost(worker));
    }

    /** Whether it is a worker to which no way leads any more, and not the feeder of this JVM. */
    boolean isOfWorker(CoordinatorCommand.NeighbourLost lost) {
        return isStage(lost.neighbour()) || feeder.worker().isPresent();
    }

    /** That worker: it will not answer either. */
    int lostWorker(CoordinatorCommand.NeighbourLost lost) {
        int stage = lost.neighbour();
        if (!isStage(stage)) {
            return feeder.worker().orElseThrow();
        }
        int worker = parts.assignment().workerOf(stage);
        LOG.warn("stage {} ({}) was lost in step {}: {}", stage, parts.workerName(worker), lost.step(), lost.cause());
        return worker;
    }

    private boolean isStage(int neighbour) {
        return neighbour >= 0 && neighbour < parts.job().pipeline().allStages();
    }

    private static CoordinatorEvent feederLost(CoordinatorCommand.NeighbourLost lost) {
        return new CoordinatorEvent.Failed(new RunFailure.FeederLost(lost.step(), lost.cause()));
    }

    /** The first loss is the one that counts: others follow from it, and are called by its name. */
    private RunFailure lost(int worker) {
        RunFailure first = firstLost;
        if (first == null) {
            first = new RunFailure.WorkerLost(
                    Coordinator.addressOf(parts.workers().get(worker)),
                    parts.assignment().stagesOf(worker),
                    completedSteps.getAsLong());
            firstLost = first;
        }
        return first;
    }
}
