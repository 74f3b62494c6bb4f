package io.ketju.actors.run;

import io.ketju.actors.coordinator.Coordinator;
import io.ketju.actors.job.TrainingControl;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.WorkerLostException;
import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.RunFailure;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.actors.worker.WorkerNode;
import io.ketju.actors.worker.WorkerResources;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.jspecify.annotations.Nullable;

/** The top of a run's actors: finds the workers, then spawns the coordinator, and passes on a wish to stop. */
final class RunGuardian extends AbstractMatchingBehavior<RunGuardian.Command> {
    sealed interface Command {}

    /** End the run at the next step boundary. */
    record Stop(String reason) implements Command {}

    /** End the run now. */
    record Abort(String reason) implements Command {}

    private record CoordinatorEnded() implements Command {}

    private record WorkersListed(List<ActorRef<WorkerCommand>> workers) implements Command {}

    private record ProcessEnded(long pid) implements Command {}

    private record GatheringTimedOut(ClusterOptions options) implements Command {}

    private final RunActors actors;
    private final TrainingControl control;
    private final Map<Long, ActorRef<WorkerCommand>> workerOfProcess = new HashMap<>();
    private int found;
    private @Nullable ClusterOptions gathering;
    private @Nullable ActorRef<CoordinatorCommand> coordinator;

    /** A run whose only worker is in this JVM. */
    static Behavior<Command> embedded(RunActors actors, WorkerResources resources) {
        return Behaviors.setup(context -> {
            ActorRef<WorkerCommand> worker =
                    context.spawn(WorkerNode.create(resources), "worker", DispatcherSelector.blocking());
            RunGuardian guardian = new RunGuardian(context, actors);
            guardian.start(List.of(worker));
            return guardian;
        });
    }

    /** A run over the workers of a cluster, as soon as there are enough. */
    static Behavior<Command> clustered(RunActors actors, ClusterOptions options) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            RunGuardian guardian = new RunGuardian(context, actors);
            guardian.gather(timers, options);
            return guardian;
        }));
    }

    private RunGuardian(ActorContext<Command> context, RunActors actors) {
        super(context);
        this.actors = actors;
        ActorRef<Command> self = context.getSelf();
        this.control = reason -> self.tell(new Stop(reason));
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        switch (command) {
            case Stop stop -> onStop(stop.reason());
            case Abort abort -> onAbort(abort.reason());
            case WorkersListed listed -> onListed(listed.workers());
            case ProcessEnded ended -> onProcessEnded(ended.pid());
            case GatheringTimedOut late -> {
                if (coordinator == null) {
                    fail(new InvalidClusterException(
                            "expected " + late.options().workers() + " workers, found " + found
                                    + " after " + late.options().joinTimeout().toSeconds()
                                    + " s; start more with 'ketju node', or ask for fewer with --workers"));
                }
            }
            case CoordinatorEnded ended -> actors.failed(new RunFailure.ActorEnded("the coordinator"));
        }
        return this;
    }

    private void onStop(String reason) {
        if (coordinator != null) {
            coordinator.tell(new CoordinatorCommand.Stop(reason));
        } else {
            gathering = null;
            actors.stoppedEarly(reason);
        }
    }

    private void onAbort(String reason) {
        if (coordinator != null) {
            coordinator.tell(new CoordinatorCommand.Abort(reason));
        } else {
            fail(TrainingFailures.of(new RunFailure.Aborted(reason), Optional.empty(), actors.launched()));
        }
    }

    private void onProcessEnded(long pid) {
        ClusterMembership.down(getContext().getSystem(), pid);
        ActorRef<WorkerCommand> worker = workerOfProcess.get(pid);
        if (coordinator == null) {
            fail(new WorkerLostException(actors.launched().endedEarly(pid)));
        } else if (worker != null) {
            coordinator.tell(new CoordinatorCommand.WorkerLost(worker));
        }
    }

    /** Only the first end counts. */
    private void fail(RuntimeException failure) {
        gathering = null;
        actors.end().completeExceptionally(failure);
    }

    private void gather(TimerScheduler<Command> timers, ClusterOptions options) {
        gathering = options;
        timers.startSingleTimer(new GatheringTimedOut(options), options.joinTimeout());
        ActorRef<Receptionist.Listing> listings = getContext()
                .messageAdapter(
                        Receptionist.Listing.class,
                        listing -> new WorkersListed(listing.getServiceInstances(WorkerNode.SERVICE).stream()
                                .sorted(Comparator.comparing(
                                        worker -> worker.path().toString()))
                                .toList()));
        getContext().getSystem().receptionist().tell(Receptionist.subscribe(WorkerNode.SERVICE, listings));
        ActorRef<Command> self = getContext().getSelf();
        actors.launched().onEnd(pid -> self.tell(new ProcessEnded(pid)));
        announce(options);
    }

    private void onListed(List<ActorRef<WorkerCommand>> workers) {
        ClusterOptions options = gathering;
        if (options == null) {
            return;
        }
        boolean changed = found != workers.size();
        found = workers.size();
        if (found >= options.workers()) {
            gathering = null;
            ClusterMembership.processes(getContext().getSystem(), workers).forEach((worker, pid) -> {
                workerOfProcess.put(pid, worker);
                actors.launched().joined(Coordinator.addressOf(worker), pid);
            });
            start(workers);
        } else if (changed) {
            announce(options);
        }
    }

    private void announce(ClusterOptions options) {
        TrainingEvent event = new TrainingEvent.WaitingForWorkers(
                options.seedNodes(), options.workers(), found, options.joinTimeout());
        try {
            actors.listeners().forEach(listener -> listener.on(event, control));
        } catch (Throwable e) { // it is the user's, and arrives whole
            fail(TrainingFailures.of(
                    new RunFailure.CoordinatorFailed("a listener failed on WaitingForWorkers: " + e),
                    Optional.of(e),
                    actors.launched()));
        }
    }

    private void start(List<ActorRef<WorkerCommand>> workers) {
        ActorRef<CoordinatorCommand> spawned = actors.spawn(getContext(), workers, control);
        coordinator = spawned;
        getContext().watchWith(spawned, new CoordinatorEnded());
    }
}
