package io.ketju.actors.coordinator;

import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.FeederReport;
import io.ketju.actors.message.RunFailure;
import io.ketju.actors.message.WorkerCommand;
import java.util.List;
import java.util.Optional;
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
public final class Coordinator extends AbstractMatchingBehavior<CoordinatorCommand> {
    sealed interface Own extends CoordinatorCommand.Internal {}

    record ManifestOutcome(long step, Optional<String> failure) implements Own {}

    record FeederReported(FeederReport report) implements Own {}

    private enum Lost implements Own {
        FEEDER,
        WRITER
    }

    enum Timer implements Own {
        WATCHDOG,
        RELEASE
    }

    private final CoordinatorParts parts;
    private final RunFeeder feeder;
    private final CoordinatorMachine machine;
    private final RunEffects effects;
    private final RunEvents events;
    private boolean progressed;

    /** When the last event was done with. */
    private long quietSince = System.nanoTime();

    /**
     * {@return a coordinator that begins at once} When all workers have let go of their stages it completes {@code parts.outcome}, and
     * stops.
     *
     * @param parts of this start alone, but for those that say otherwise
     */
    public static Behavior<CoordinatorCommand> create(CoordinatorParts parts) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new Coordinator(context, timers, parts)));
    }

    private Coordinator(
            ActorContext<CoordinatorCommand> context,
            TimerScheduler<CoordinatorCommand> timers,
            CoordinatorParts parts) {
        super(context);
        this.parts = parts;
        this.feeder = new RunFeeder(parts);
        int parties = parts.feederParty() + 1;
        this.machine = new CoordinatorMachine(
                parts.sequence(),
                parts.keepsCheckpoints(),
                RunStages.of(parts.job().pipeline()),
                parties,
                parts.completedSteps());
        this.events = new RunEvents(parts, feeder, machine::completedSteps);
        this.effects = new RunEffects(parts, feeder, machine, context, timers);
        parts.workers().forEach(worker -> context.watchWith(worker, new CoordinatorCommand.WorkerLost(worker)));
        context.watchWith(parts.feeder(), Lost.FEEDER);
        context.watchWith(parts.writer(), Lost.WRITER);
        timers.startTimerWithFixedDelay(Timer.WATCHDOG, parts.progressTimeout());
        feed(new CoordinatorEvent.WorkersReady());
        feed(new CoordinatorEvent.WorkerPlaced(parts.feederParty()));
    }

    @Override
    public Behavior<CoordinatorCommand> onMessage(CoordinatorCommand command) {
        return switch (command) {
            case CoordinatorCommand.Report report ->
                report.incarnation() == parts.ticket().incarnation() ? onReport(report) : this;
            case CoordinatorCommand.Note note -> onNote(note);
            case CoordinatorCommand.ContinueSequence more -> {
                progressed = true;
                yield feed(new CoordinatorEvent.SequenceContinued());
            }
            case CoordinatorCommand.Pause pause -> feed(new CoordinatorEvent.PauseRequested());
            case CoordinatorCommand.Stop stop -> feed(new CoordinatorEvent.StopRequested(stop.reason()));
            case CoordinatorCommand.Abort abort ->
                feed(new CoordinatorEvent.Failed(new RunFailure.Aborted(abort.reason())));
            case CoordinatorCommand.WorkerLost lost ->
                onWorkerLost(parts.workers().indexOf(lost.worker()));
            case CoordinatorCommand.Internal own -> onOwn((Own) own);
        };
    }

    private Behavior<CoordinatorCommand> onNote(CoordinatorCommand.Note note) {
        try {
            effects.note(note);
            return this;
        } catch (ListenerFailedException e) {
            return feed(RunEvents.failed(e));
        }
    }

    private Behavior<CoordinatorCommand> onOwn(Own command) {
        return switch (command) {
            case ManifestOutcome outcome -> {
                progressed = true;
                yield feed(outcome.failure()
                        .<CoordinatorEvent>map(
                                cause -> new CoordinatorEvent.Failed(new RunFailure.ManifestNotWritten(cause)))
                        .orElseGet(() -> new CoordinatorEvent.ManifestCommitted(outcome.step())));
            }
            case FeederReported reported -> onFeeder(reported.report());
            case Lost lost -> lost == Lost.FEEDER ? onFeederLost() : feed(events.writerEnded());
            case Timer timer -> timer == Timer.WATCHDOG ? onWatchdog() : onReleaseTimedOut();
        };
    }

    private Behavior<CoordinatorCommand> onReport(CoordinatorCommand.Report report) {
        progressed = true;
        if (report instanceof CoordinatorCommand.WorkerPlaced placed) {
            feeder.placed(placed);
            effects.placed(placed.stages());
        }
        if (report instanceof CoordinatorCommand.NeighbourLost lost && events.isOfWorker(lost)) {
            return onWorkerLost(events.lostWorker(lost));
        }
        Behavior<CoordinatorCommand> after = feed(events.of(report));
        if (report instanceof CoordinatorCommand.FeederEnded) {
            effects.feederStopped();
        }
        return after;
    }

    private Behavior<CoordinatorCommand> onFeeder(FeederReport report) {
        if (report instanceof FeederReport.Stopped) {
            effects.feederStopped();
        }
        return feed(events.of(report));
    }

    /** Also comes after an orderly end, when the machine no longer cares. */
    private Behavior<CoordinatorCommand> onFeederLost() {
        Behavior<CoordinatorCommand> after = feed(events.feederEnded());
        effects.feederStopped();
        return after;
    }

    private Behavior<CoordinatorCommand> feed(CoordinatorEvent event) {
        return feed(List.of(event));
    }

    /** What they grant together is sent together. */
    private Behavior<CoordinatorCommand> feed(List<CoordinatorEvent> events) {
        boolean ended = false;
        for (CoordinatorEvent event : events) {
            ended |= effects.of(event);
        }
        effects.sendGrants();
        quietSince = System.nanoTime();
        return ended ? Behaviors.stopped() : this;
    }

    /** Behind an effect that takes long, as a translation of test sentences, several have come before anybody's report could. */
    private Behavior<CoordinatorCommand> onWatchdog() {
        if (System.nanoTime() - quietSince < parts.progressTimeout().toNanos() / 2) {
            return this;
        }
        if (!progressed && !machine.idle()) {
            return feed(new CoordinatorEvent.Failed(
                    new RunFailure.Stalled(parts.progressTimeout().toSeconds(), machine.waitsFor())));
        }
        progressed = false;
        return this;
    }

    private Behavior<CoordinatorCommand> onWorkerLost(int worker) {
        if (worker < 0) {
            return this;
        }
        Behavior<CoordinatorCommand> after = feed(events.workerLost(worker));
        if (feeder.isOn(worker) && after == this) {
            after = feed(events.feederLostWith(worker));
            effects.feederStopped();
        }
        return after;
    }

    /** A feeder that does not answer either keeps nobody from being released. */
    private Behavior<CoordinatorCommand> onReleaseTimedOut() {
        effects.feederStopped();
        return feed(new CoordinatorEvent.ReleaseTimedOut());
    }

    /**
     * {@return where a worker is reached: {@code host:port}}
     *
     * @param worker of any JVM; of this one, its path has no more than the name of the actor system
     */
    public static String addressOf(ActorRef<WorkerCommand> worker) {
        return worker.path().address().hostPort().replaceFirst("^.*@", "");
    }
}
