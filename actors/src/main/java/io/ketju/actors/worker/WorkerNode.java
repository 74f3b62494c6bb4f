package io.ketju.actors.worker;

import io.ketju.actors.message.FeederCommand;
import io.ketju.actors.message.StageCommand;
import io.ketju.actors.message.WorkerCommand;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One JVM that holds stages: builds them when a coordinator asks, connects them to their neighbours, and lets them go
 * when the run ends or its coordinator is gone. One run at a time. Spawn it on a dispatcher that may block
 * ({@link DispatcherSelector#blocking}): building stages reads checkpoints.
 */
public final class WorkerNode extends AbstractMatchingBehavior<WorkerCommand> {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerNode.class);

    /** Something happened to the stages that are held. */
    private record Happened(HostingEvent event) implements WorkerCommand.Internal {}

    /** The placement that is held. */
    private record Held(int placement, HeldRun run, HostedStages stages) {}

    private final HostedStages.Host host;
    private final HostedWriters writers;
    private final DispatcherSelector compute;
    private final Consumer<WorkerEvent> listener;
    private final WorkerMachine machine = new WorkerMachine();
    /** Requests that are not answered yet, by their number. */
    private final Map<Integer, HeldRun> asked = new HashMap<>();
    /** Counts the requests. */
    private int placements;

    private @Nullable Held held;
    private WorkerCommand.@Nullable ConnectStages connecting;

    /**
     * {@return a worker that tells nobody what it does}
     *
     * @param resources stay the caller's, who closes them when the worker has ended
     */
    public static Behavior<WorkerCommand> create(WorkerResources resources) {
        return create(resources, event -> {});
    }

    /**
     * {@return a worker}
     *
     * @param resources stay the caller's, who closes them when the worker has ended
     * @param listener is told what it does with runs, on the worker's thread
     */
    public static Behavior<WorkerCommand> create(WorkerResources resources, Consumer<WorkerEvent> listener) {
        return Behaviors.setup(context -> new WorkerNode(context, resources, listener));
    }

    private WorkerNode(ActorContext<WorkerCommand> context, WorkerResources resources, Consumer<WorkerEvent> listener) {
        super(context);
        this.listener = listener;
        this.compute = ComputeDispatcher.of(context.getSystem(), resources.core());
        this.writers = HostedWriters.spawn(context, resources);
        this.host =
                new HostedStages.Host(resources, writers.shards(), writers.copies(), this::spawn, this::spawnFeeder);
    }

    @Override
    public Behavior<WorkerCommand> onMessage(WorkerCommand command) {
        HostingEvent event = switch (command) {
            case WorkerCommand.PlaceStages place -> {
                HeldRun run = new HeldRun(place, listener);
                asked.put(++placements, run);
                yield new HostingEvent.PlaceAsked(placements, place.ticket(), run.ranks());
            }
            case WorkerCommand.ConnectStages connect -> {
                connecting = connect;
                yield new HostingEvent.ConnectAsked(connect.ticket());
            }
            case WorkerCommand.ReleaseStages release ->
                new HostingEvent.ReleaseAsked(release.ticket(), release.reason());
            case WorkerCommand.SendCopies send -> {
                writers.send(send);
                yield new HostingEvent.Noted();
            }
            case WorkerCommand.EndWhenFree end -> new HostingEvent.LeaveAsked();
            case WorkerCommand.HandOver over -> new HostingEvent.HandOverAsked();
            case WorkerCommand.Internal own -> ((Happened) own).event();
        };
        return feed(event) ? Behaviors.stopped() : this;
    }

    /** Returns whether this worker is to end. */
    private boolean feed(HostingEvent event) {
        boolean leaves = false;
        for (HostingEffect effect : machine.on(event)) {
            leaves |= switch (effect) {
                case HostingEffect.Refuse refuse -> {
                    request(refuse.placement()).refused(refuse.cause());
                    yield false;
                }
                case HostingEffect.Build build -> feed(build(build.placement(), request(build.placement())));
                case HostingEffect.Leave leave -> true;
                case HostingEffect.OfHeld other -> {
                    perform(other, Objects.requireNonNull(held));
                    yield false;
                }
            };
        }
        return leaves;
    }

    private HeldRun request(int placement) {
        return Objects.requireNonNull(asked.remove(placement));
    }

    private HostingEvent build(int placement, HeldRun run) {
        HostedStages built;
        try {
            built = new HostedStages(host, run.placement());
        } catch (Throwable e) { // initial values may be the user's
            run.notPlaced(e);
            return new HostingEvent.NotBuilt(placement);
        }
        held = new Held(placement, run, built);
        getContext()
                .watchWith(run.placement().coordinator(), new Happened(new HostingEvent.CoordinatorLost(placement)));
        run.placed(built);
        return new HostingEvent.Built(placement, built.feeder().isPresent());
    }

    private void perform(HostingEffect.OfHeld effect, Held current) {
        switch (effect) {
            case HostingEffect.OpenLinks open -> openLinks(current);
            case HostingEffect.ReportConnected done -> current.run().connected();
            case HostingEffect.ReportUnconnected failed -> current.run().notConnected(failed.cause());
            case HostingEffect.ReportLeaving leaving -> current.run().leaves();
            case HostingEffect.ReportDied died -> current.run().died(died.rank());
            case HostingEffect.ReportFeederEnded ended -> current.run().feederEnded();
            case HostingEffect.StopFeeder stop ->
                current.stages().stopFeeder(getContext().getSystem().ignoreRef());
            case HostingEffect.RefuseArrivals refuse -> current.stages().release();
            case HostingEffect.ReleaseRank release -> release(current, release.rank(), release.reason());
            case HostingEffect.Free free -> free(current);
            case HostingEffect.ReportReleased released -> {
                held = null;
                current.run().released(released.reason());
            }
        }
    }

    private void openLinks(Held current) {
        getContext()
                .pipeToSelf(
                        current.stages().connect(Objects.requireNonNull(connecting)),
                        (ignored, failure) -> new Happened(new HostingEvent.LinksAnswered(
                                current.placement(),
                                Optional.ofNullable(failure).map(WorkerNode::reason))));
    }

    private void release(Held current, int rank, String reason) {
        ActorRef<StageCommand.Released> replyTo = getContext()
                .messageAdapter(
                        StageCommand.Released.class,
                        released -> new Happened(new HostingEvent.RankReleased(current.placement(), released.rank())));
        current.stages().release(rank, reason, replyTo);
    }

    private void free(Held current) {
        getContext().unwatch(current.run().placement().coordinator());
        getContext().pipeToSelf(current.stages().end(), (ignored, failure) -> {
            if (failure != null) {
                LOG.error("not all memory of {} could be freed", current.run().stages(), failure);
            }
            return new Happened(new HostingEvent.Freed(current.placement()));
        });
    }

    /** A rank's actor, for the placement that is being built. */
    private ActorRef<StageCommand> spawn(Behavior<StageCommand> behavior, int rank) {
        int placement = placements;
        ActorRef<StageCommand> actor = getContext().spawn(behavior, "rank-" + rank + "-of-run-" + placement, compute);
        getContext().watchWith(actor, new Happened(new HostingEvent.RankEnded(placement, rank)));
        return actor;
    }

    /** The feeder of the placement that is being built. */
    private ActorRef<FeederCommand> spawnFeeder(Behavior<FeederCommand> behavior) {
        ActorRef<FeederCommand> actor = getContext().spawn(behavior, "feeder-of-run-" + placements);
        getContext().watchWith(actor, new Happened(new HostingEvent.FeederEnded(placements)));
        return actor;
    }

    private static String reason(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return String.valueOf(cause.getMessage());
    }
}
