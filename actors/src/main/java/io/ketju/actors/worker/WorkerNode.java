package io.ketju.actors.worker;

import io.ketju.actors.checkpoint.CheckpointWriter;
import io.ketju.actors.checkpoint.DamagedCheckpointException;
import io.ketju.actors.coordinator.Coordinator;
import io.ketju.actors.job.InvalidJobException;
import io.ketju.actors.stage.StageActor;
import io.ketju.pipeline.PipelineSpec;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;
import org.jspecify.annotations.Nullable;

/**
 * One JVM that holds stages: builds them when a coordinator asks, connects them to their neighbours, and lets them go
 * when the run ends or its coordinator is gone. One run at a time. Spawn it on a dispatcher that may block
 * ({@link DispatcherSelector#blocking}): building stages reads checkpoints.
 */
public final class WorkerNode extends AbstractMatchingBehavior<WorkerNode.Command> {
    /** How coordinators find the workers of a cluster. */
    public static final ServiceKey<Command> SERVICE = ServiceKey.create(Command.class, "ketju-worker");

    /** What a worker understands. */
    public sealed interface Command {}

    /**
     * Build the stages that the assignment gives to this worker.
     *
     * @param worker which one of the assignment's workers this is
     * @param checkpoint a checkpoint to load; empty: fresh initial values
     * @param run what a person calls the run
     */
    public record PlaceStages(
            RunTicket ticket,
            PipelineSpec pipeline,
            Assignment assignment,
            int worker,
            Optional<Path> checkpoint,
            ActorRef<Coordinator.Command> coordinator,
            String run)
            implements Command {}

    /** Open the ways to the neighbours; {@code stages} are all of the run, ascending. */
    public record ConnectStages(RunTicket ticket, List<StageAddress> stages) implements Command {}

    /** Let go of the stages of this start of this run; ignored by a worker that holds others, or none. */
    public record ReleaseStages(RunTicket ticket, String reason) implements Command {}

    /** End this worker as soon as it holds no stages. */
    public record EndWhenFree() implements Command {}

    private record Connected(RunTicket ticket, Optional<String> failure) implements Command {}

    private record StageReleased(int stage) implements Command {}

    private record StageEnded(int placement, int stage) implements Command {}

    private record Ended(@Nullable Throwable failure) implements Command {}

    private record CoordinatorLost(RunTicket ticket) implements Command {}

    private enum State {
        FREE,
        HOLDING,
        RELEASING,
        ENDING
    }

    private final HostedStages.Host host;
    private final Consumer<WorkerEvent> listener;
    /** Stages that were asked to let go and have not answered. */
    private final Set<Integer> releasing = new HashSet<>();

    private State state = State.FREE;
    private boolean leaving;
    /** Counts the runs placed here, so that the names of their actors differ. */
    private int placement;

    private @Nullable HostedStages hosted;
    private String endReason = "";

    /** A worker on these resources, which stay the caller's. */
    public static Behavior<Command> create(WorkerResources resources) {
        return create(resources, event -> {});
    }

    /** The same, with somebody who is told what it does. */
    public static Behavior<Command> create(WorkerResources resources, Consumer<WorkerEvent> listener) {
        return Behaviors.setup(context -> new WorkerNode(context, resources, listener));
    }

    private WorkerNode(ActorContext<Command> context, WorkerResources resources, Consumer<WorkerEvent> listener) {
        super(context);
        this.listener = listener;
        ActorRef<CheckpointWriter.Command> writer =
                context.spawn(CheckpointWriter.create(), "shard-writer", DispatcherSelector.blocking());
        this.host = new HostedStages.Host(resources, writer, this::spawn);
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        HostedStages current = hosted;
        switch (command) {
            case PlaceStages place -> onPlace(place);
            case ConnectStages connect -> {
                if (current != null
                        && state == State.HOLDING
                        && current.ticket().equals(connect.ticket())) {
                    connect(current, connect.stages());
                }
            }
            case Connected connected -> {
                if (current != null && current.ticket().equals(connected.ticket())) {
                    onConnected(current, connected.failure());
                }
            }
            case ReleaseStages release -> onRelease(release.ticket(), release.reason());
            case CoordinatorLost lost -> onRelease(lost.ticket(), "the coordinator is gone");
            case StageReleased released -> onStageReleased(released.stage());
            case StageEnded ended -> {
                if (current != null && ended.placement() == placement) {
                    onStageEnded(current, ended.stage());
                }
            }
            case Ended ended -> onEnded(ended.failure());
            case EndWhenFree end -> leaving = true;
        }
        return leaving && state == State.FREE ? Behaviors.stopped() : this;
    }

    private ActorRef<StageActor.Command> spawn(Behavior<StageActor.Command> behavior, int stage) {
        ActorRef<StageActor.Command> actor = getContext()
                .spawn(behavior, "stage-" + stage + "-of-run-" + placement, DispatcherSelector.defaultDispatcher());
        getContext().watchWith(actor, new StageEnded(placement, stage));
        return actor;
    }

    private void onPlace(PlaceStages place) {
        int incarnation = place.ticket().incarnation();
        if (state != State.FREE) {
            place.coordinator()
                    .tell(new Coordinator.WorkerFailed(incarnation, place.worker(), "busy with another run"));
            return;
        }
        placement++;
        try {
            HostedStages built = new HostedStages(host, place);
            hosted = built;
            state = State.HOLDING;
            getContext().watchWith(place.coordinator(), new CoordinatorLost(place.ticket()));
            listener.accept(new WorkerEvent.Assigned(
                    place.run(),
                    place.assignment().stagesOf(place.worker()),
                    place.pipeline().stages()));
            place.coordinator().tell(new Coordinator.WorkerPlaced(incarnation, place.worker(), built.addresses()));
        } catch (Throwable e) { // initial values may be the user's
            getContext().getLog().error("cannot place the stages of worker {}", place.worker(), e);
            boolean forPeople = e instanceof DamagedCheckpointException || e instanceof InvalidJobException;
            String cause = forPeople ? e.getMessage() : e.toString();
            listener.accept(new WorkerEvent.Ended(place.run(), "its stages cannot be placed: " + cause));
            place.coordinator()
                    .tell(new Coordinator.WorkerFailed(
                            incarnation, place.worker(), String.valueOf(cause), Optional.of(e)));
        }
    }

    private void connect(HostedStages current, List<StageAddress> stages) {
        RunTicket ticket = current.ticket();
        getContext()
                .pipeToSelf(
                        current.connect(stages),
                        (ignored, failure) -> new Connected(
                                ticket, Optional.ofNullable(failure).map(WorkerNode::reason)));
    }

    private void onConnected(HostedStages current, Optional<String> failure) {
        if (failure.isEmpty()) {
            listener.accept(new WorkerEvent.Started(current.run()));
        }
        int incarnation = current.ticket().incarnation();
        current.coordinator()
                .tell(failure.<Coordinator.Command>map(
                                cause -> new Coordinator.WorkerFailed(incarnation, current.worker(), cause))
                        .orElseGet(() -> new Coordinator.WorkerConnected(incarnation, current.worker())));
    }

    private void onRelease(RunTicket ticket, String reason) {
        HostedStages current = hosted;
        if (current == null || state != State.HOLDING || !current.ticket().equals(ticket)) {
            return;
        }
        state = State.RELEASING;
        endReason = reason;
        current.release();
        ActorRef<StageActor.Released> replyTo =
                getContext().messageAdapter(StageActor.Released.class, released -> new StageReleased(released.stage()));
        current.actors().forEach((stage, actor) -> {
            releasing.add(stage);
            actor.tell(new StageActor.Release(reason, replyTo));
        });
        endWhenReleased(current);
    }

    private void onStageReleased(int stage) {
        releasing.remove(stage);
        HostedStages current = hosted;
        if (current != null) {
            endWhenReleased(current);
        }
    }

    /** Expected after the end; before it, a stage's actor died of an error that it could not report. */
    private void onStageEnded(HostedStages current, int stage) {
        current.ended(stage);
        switch (state) {
            case HOLDING ->
                current.coordinator()
                        .tell(new Coordinator.StageFailed(
                                current.ticket().incarnation(), stage, 0, "its actor died; the log says why"));
            case RELEASING -> onStageReleased(stage);
            case FREE, ENDING -> {}
        }
    }

    private void endWhenReleased(HostedStages current) {
        if (state == State.RELEASING && releasing.isEmpty()) {
            state = State.ENDING;
            getContext().unwatch(current.coordinator());
            getContext().pipeToSelf(current.end(), (ignored, failure) -> new Ended(failure));
        }
    }

    private void onEnded(@Nullable Throwable failure) {
        HostedStages ended = hosted;
        if (ended == null) {
            return;
        }
        if (failure != null) {
            getContext().getLog().error("worker {} could not free all memory of its stages", ended.worker(), failure);
        }
        hosted = null;
        state = State.FREE;
        listener.accept(new WorkerEvent.Ended(ended.run(), endReason));
        ended.coordinator().tell(new Coordinator.WorkerReleased(ended.ticket().incarnation(), ended.worker()));
    }

    private static String reason(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return String.valueOf(cause.getMessage());
    }
}
