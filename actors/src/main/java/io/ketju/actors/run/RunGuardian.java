package io.ketju.actors.run;

import io.ketju.actors.coordinator.Coordinator;
import io.ketju.actors.worker.WorkerNode;
import io.ketju.actors.worker.WorkerResources;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
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

    private record WorkersListed(List<ActorRef<WorkerNode.Command>> workers) implements Command {}

    private record GatheringTimedOut(int wanted, Duration after) implements Command {}

    private final RunActors actors;
    private final int wanted;
    private int found;
    private @Nullable ActorRef<Coordinator.Command> coordinator;

    /** A run whose only worker is in this JVM. */
    static Behavior<Command> embedded(RunActors actors, WorkerResources resources) {
        return Behaviors.setup(context -> {
            ActorRef<WorkerNode.Command> worker =
                    context.spawn(WorkerNode.create(resources), "worker", DispatcherSelector.blocking());
            RunGuardian guardian = new RunGuardian(context, actors, 1);
            guardian.start(List.of(worker));
            return guardian;
        });
    }

    /** A run over the workers of a cluster, as soon as there are enough. */
    static Behavior<Command> clustered(RunActors actors, ClusterOptions options) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            RunGuardian guardian = new RunGuardian(context, actors, options.workers());
            guardian.gather(timers, options.joinTimeout());
            return guardian;
        }));
    }

    private RunGuardian(ActorContext<Command> context, RunActors actors, int wanted) {
        super(context);
        this.actors = actors;
        this.wanted = wanted;
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        switch (command) {
            case Stop stop ->
                toCoordinator(new Coordinator.Stop(stop.reason()), "stopped before it began: " + stop.reason());
            case Abort abort -> toCoordinator(new Coordinator.Abort(abort.reason()), abort.reason());
            case WorkersListed listed -> {
                found = listed.workers().size();
                if (coordinator == null && found >= wanted) {
                    start(listed.workers());
                }
            }
            case GatheringTimedOut late -> {
                if (coordinator == null) {
                    fail("expected " + late.wanted() + " workers, found " + found + " after "
                            + late.after().toSeconds()
                            + " s; start more with 'ketju node', or ask for fewer with --workers");
                }
            }
            case CoordinatorEnded ended -> actors.failed("the coordinator ended unexpectedly; the log says why");
        }
        return this;
    }

    private void toCoordinator(Coordinator.Command command, String otherwise) {
        if (coordinator != null) {
            coordinator.tell(command);
        } else {
            fail(otherwise);
        }
    }

    private void fail(String line) {
        actors.end().completeExceptionally(new InvalidClusterException(line));
    }

    private void gather(TimerScheduler<Command> timers, Duration timeout) {
        timers.startSingleTimer(new GatheringTimedOut(wanted, timeout), timeout);
        ActorRef<Receptionist.Listing> listings = getContext()
                .messageAdapter(
                        Receptionist.Listing.class,
                        listing -> new WorkersListed(listing.getServiceInstances(WorkerNode.SERVICE).stream()
                                .sorted(Comparator.comparing(
                                        worker -> worker.path().toString()))
                                .toList()));
        getContext().getSystem().receptionist().tell(Receptionist.subscribe(WorkerNode.SERVICE, listings));
    }

    private void start(List<ActorRef<WorkerNode.Command>> workers) {
        ActorRef<Coordinator.Command> spawned = actors.spawn(getContext(), workers);
        coordinator = spawned;
        getContext().watchWith(spawned, new CoordinatorEnded());
    }
}
