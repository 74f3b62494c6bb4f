package io.ketju.actors.coordinator;

import io.ketju.actors.checkpoint.CheckpointWriter;
import io.ketju.actors.checkpoint.Shard;
import io.ketju.actors.feed.BatchFeeder;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.worker.Assignment;
import io.ketju.actors.worker.RunTicket;
import io.ketju.actors.worker.StageAddress;
import io.ketju.actors.worker.WorkerNode;
import io.ketju.pipeline.stage.Inspection;
import io.ketju.pipeline.stage.NonFinite;
import io.ketju.pipeline.stage.WindowMetrics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Directs one run: turns messages into events for the {@link CoordinatorMachine}; {@link RunEffects} performs what the
 * machine wants done.
 */
public final class Coordinator extends AbstractMatchingBehavior<Coordinator.Command> {
    /** What a coordinator understands. */
    public sealed interface Command {}

    /** What workers and stages report; anything of an earlier start of the run is dropped. */
    public sealed interface Report extends Command {
        int incarnation();
    }

    /** A worker holds its stages. {@code stages} says where each of them listens. */
    public record WorkerPlaced(int incarnation, int worker, List<StageAddress> stages) implements Report {}

    /** A worker's stages have links to all their neighbours. */
    public record WorkerConnected(int incarnation, int worker) implements Report {}

    /**
     * A worker could not place or connect its stages.
     *
     * @param thrown what the worker caught; never leaves the JVM
     */
    public record WorkerFailed(int incarnation, int worker, String cause, Optional<Throwable> thrown)
            implements Report {
        public WorkerFailed(int incarnation, int worker, String cause) {
            this(incarnation, worker, cause, Optional.empty());
        }
    }

    /** A worker has let go of its stages. */
    public record WorkerReleased(int incarnation, int worker) implements Report {}

    /** A stage finished a window; the last stage says what came out. */
    public record WindowFinished(
            int incarnation, int stage, long window, Optional<WindowMetrics> metrics, long busyNanos)
            implements Report {}

    /** A stage's part of the checkpoint is durable. */
    public record ShardSaved(int incarnation, int stage, long step, Shard shard) implements Report {}

    /**
     * A stage cannot go on.
     *
     * @param thrown what the stage caught; never leaves the JVM
     */
    public record StageFailed(int incarnation, int stage, long step, String cause, Optional<Throwable> thrown)
            implements Report {
        public StageFailed(int incarnation, int stage, long step, String cause) {
            this(incarnation, stage, step, cause, Optional.empty());
        }
    }

    /** A stage met a NaN or an infinity where none may be, and stands still. */
    public record NonFiniteFound(int incarnation, NonFinite found) implements Report {}

    /** A stage's answer to {@link io.ketju.actors.stage.StageActor.InspectMicrobatch}. */
    public record MicrobatchInspected(int incarnation, Inspection inspection) implements Report {}

    /** A stage noticed that its connection to another stage broke: that other one is gone. */
    public record NeighbourLost(int incarnation, int neighbour, long step, String cause) implements Report {}

    /** A worker is gone: its actor has ended, its node has left the cluster, or its process has ended. */
    public record WorkerLost(ActorRef<WorkerNode.Command> worker) implements Command {}

    /** The user wants the run to end at the next step boundary. */
    public record Stop(String reason) implements Command {}

    /** The user wants the run to end now, without a checkpoint: it fails with this reason. */
    public record Abort(String reason) implements Command {}

    record ManifestOutcome(long step, Optional<String> failure) implements Command {}

    record FeederReported(BatchFeeder.Report report) implements Command {}

    private enum Lost implements Command {
        FEEDER,
        WRITER
    }

    enum Timer implements Command {
        WATCHDOG,
        RELEASE
    }

    /**
     * What a coordinator needs.
     *
     * @param workers the JVMs that hold stages, in the order of the assignment
     * @param completedSteps steps that the checkpoint already has; 0 without one
     * @param checkpoint the checkpoint to start from
     * @param checkpointRoot where this run keeps its checkpoints
     * @param progressTimeout longest time without any report
     * @param lost told of the first worker that is lost
     */
    public record Parts(
            TrainingJob job,
            RunTicket ticket,
            Assignment assignment,
            List<ActorRef<WorkerNode.Command>> workers,
            ActorRef<BatchFeeder.Command> feeder,
            ActorRef<CheckpointWriter.Command> writer,
            RunReporter reporter,
            long completedSteps,
            Optional<Path> checkpoint,
            Path checkpointRoot,
            Duration progressTimeout,
            CompletableFuture<LostWorker> lost,
            CompletableFuture<RunOutcome> outcome) {}

    /**
     * How a run ended.
     *
     * @param failure one line
     * @param completedSteps steps that all stages have taken, those before this start included
     * @param completed whether nothing is left to do
     * @param thrown what was thrown in this JVM and made the run fail
     */
    public record RunOutcome(
            Optional<String> failure,
            Optional<String> stopReason,
            long completedSteps,
            boolean completed,
            Optional<Throwable> thrown) {}

    private static final String FEEDER_LOST = "the batch feeder ended unexpectedly; the log says why";
    private static final String WRITER_LOST = "the manifest writer ended unexpectedly; the log says why";

    private final Parts parts;
    private final CoordinatorMachine machine;
    private final RunEffects effects;
    private boolean progressed;

    /** Starts at once; completes {@code parts.outcome} when all workers have let go, and stops. */
    public static Behavior<Command> create(Parts parts) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new Coordinator(context, timers, parts)));
    }

    private Coordinator(ActorContext<Command> context, TimerScheduler<Command> timers, Parts parts) {
        super(context);
        this.parts = parts;
        // The feeder is one more party that is placed, connected and released, after the workers.
        this.machine = new CoordinatorMachine(
                RunSizes.of(parts.job()), parts.job().stages(), parts.workers().size() + 1, parts.completedSteps());
        this.effects = new RunEffects(parts, machine, context, timers);
        parts.workers().forEach(worker -> context.watchWith(worker, new WorkerLost(worker)));
        context.watchWith(parts.feeder(), Lost.FEEDER);
        context.watchWith(parts.writer(), Lost.WRITER);
        timers.startTimerWithFixedDelay(Timer.WATCHDOG, parts.progressTimeout());
        feed(new CoordinatorEvent.WorkersReady());
        feed(new CoordinatorEvent.WorkerPlaced(feeder()));
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        return switch (command) {
            case Report report -> report.incarnation() == parts.ticket().incarnation() ? onReport(report) : this;
            case Stop stop -> feed(new CoordinatorEvent.StopRequested(stop.reason()));
            case Abort abort -> feed(new CoordinatorEvent.Failed(abort.reason()));
            case ManifestOutcome outcome -> {
                progressed = true;
                yield feed(outcome.failure()
                        .<CoordinatorEvent>map(CoordinatorEvent.Failed::new)
                        .orElseGet(() -> new CoordinatorEvent.ManifestCommitted(outcome.step())));
            }
            case FeederReported reported -> onFeeder(reported.report());
            case WorkerLost lost -> onWorkerLost(parts.workers().indexOf(lost.worker()));
            case Lost lost -> lost == Lost.FEEDER ? onFeederLost() : feed(new CoordinatorEvent.Failed(WRITER_LOST));
            case Timer timer -> timer == Timer.WATCHDOG ? onWatchdog() : feed(new CoordinatorEvent.ReleaseTimedOut());
        };
    }

    private Behavior<Command> onReport(Report report) {
        progressed = true;
        return switch (report) {
            case WorkerPlaced placed -> {
                effects.placed(placed.stages());
                yield feed(new CoordinatorEvent.WorkerPlaced(placed.worker()));
            }
            case WorkerConnected done -> feed(new CoordinatorEvent.WorkerConnected(done.worker()));
            case WorkerReleased done -> feed(new CoordinatorEvent.WorkerReleased(done.worker()));
            case WorkerFailed failed ->
                feed(new CoordinatorEvent.WorkerFailed(
                        failed.worker(), workerName(failed.worker()) + ": " + failed.cause(), failed.thrown()));
            case WindowFinished done ->
                feed(new CoordinatorEvent.WindowFinished(
                        done.stage(), done.window(), done.metrics(), done.busyNanos()));
            case ShardSaved saved -> feed(new CoordinatorEvent.ShardSaved(saved.stage(), saved.step(), saved.shard()));
            case StageFailed failed ->
                feed(new CoordinatorEvent.Failed(
                        "stage " + failed.stage() + ", step " + failed.step() + ": " + failed.cause(),
                        failed.thrown()));
            case NonFiniteFound met -> feed(new CoordinatorEvent.NonFiniteFound(met.found()));
            case MicrobatchInspected answer -> feed(new CoordinatorEvent.MicrobatchInspected(answer.inspection()));
            case NeighbourLost lost -> onNeighbourLost(lost);
        };
    }

    private Behavior<Command> onFeeder(BatchFeeder.Report report) {
        return switch (report) {
            case BatchFeeder.Connected connected -> feed(new CoordinatorEvent.WorkerConnected(feeder()));
            case BatchFeeder.Failed failed ->
                feed(new CoordinatorEvent.Failed("batch feeder: " + failed.cause(), failed.thrown()));
            case BatchFeeder.Stopped stopped -> {
                effects.feederStopped();
                yield feed(new CoordinatorEvent.WorkerReleased(feeder()));
            }
        };
    }

    /** Also comes after an orderly end, when the machine no longer cares. */
    private Behavior<Command> onFeederLost() {
        Behavior<Command> after = feed(new CoordinatorEvent.WorkerLost(feeder(), FEEDER_LOST));
        effects.feederStopped();
        return after;
    }

    private Behavior<Command> feed(CoordinatorEvent event) {
        boolean ended = false;
        for (CoordinatorEffect effect : machine.on(event)) {
            try {
                ended |= effects.perform(effect);
            } catch (RuntimeException e) {
                getContext().getLog().error("{} failed", effect, e);
                Throwable thrown = e instanceof ListenerFailedException listener ? listener.thrown() : e;
                return feed(new CoordinatorEvent.EffectFailed(String.valueOf(e.getMessage()), Optional.of(thrown)));
            }
        }
        return ended ? Behaviors.stopped() : this;
    }

    private Behavior<Command> onWatchdog() {
        if (!progressed) {
            return feed(new CoordinatorEvent.Failed(
                    "no progress for " + parts.progressTimeout().toSeconds() + " s: " + machine.waitsFor()));
        }
        progressed = false;
        return this;
    }

    /** Number of the feeder among the parties. */
    private int feeder() {
        return parts.workers().size();
    }

    private Behavior<Command> onWorkerLost(int worker) {
        return worker < 0 ? this : feed(new CoordinatorEvent.WorkerLost(worker, lostLine(worker)));
    }

    private Behavior<Command> onNeighbourLost(NeighbourLost lost) {
        boolean stage = lost.neighbour() >= 0 && lost.neighbour() < parts.job().stages();
        String cause = " was lost in step " + lost.step() + ": " + lost.cause();
        if (!stage) {
            return feed(new CoordinatorEvent.Failed("the batch feeder" + cause));
        }
        int worker = parts.assignment().workerOf(lost.neighbour());
        getContext().getLog().warn("stage {} ({}){}", lost.neighbour(), workerName(worker), cause);
        return feed(new CoordinatorEvent.Failed(lostLine(worker)));
    }

    /** The first loss is the one that counts: others follow from it, and are called by its line. */
    private String lostLine(int worker) {
        LostWorker lost = new LostWorker(
                addressOf(parts.workers().get(worker)), parts.assignment().stagesOf(worker), machine.completedSteps());
        parts.lost().complete(lost);
        return parts.lost().getNow(lost).line();
    }

    /** Where a worker is reached: {@code host:port}. */
    public static String addressOf(ActorRef<WorkerNode.Command> worker) {
        return worker.path().address().hostPort().replaceFirst("^.*@", "");
    }

    private String workerName(int worker) {
        if (worker < 0 || worker >= parts.workers().size()) {
            return "worker " + worker;
        }
        return "worker " + worker + " at " + addressOf(parts.workers().get(worker));
    }
}
