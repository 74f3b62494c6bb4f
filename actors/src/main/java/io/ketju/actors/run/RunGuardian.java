package io.ketju.actors.run;

import io.ketju.actors.job.TrainingControl;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.RunFailure;
import io.ketju.actors.message.WorkerCommand;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.jspecify.annotations.Nullable;

/** The top of a run's actors: has the workers found, then spawns the coordinator, and passes on a wish to stop. */
final class RunGuardian extends AbstractMatchingBehavior<RunGuardian.Command> {
    sealed interface Command {}

    /** End the run at the next step boundary. */
    record Stop(String reason) implements Command {}

    /** The run's sequence of windows, which had no more for now, has something. */
    record Continue() implements Command {}

    /** End the run now. */
    record Abort(String reason) implements Command {}

    private record CoordinatorEnded() implements Command {}

    /** The outputs of a stage cannot come any more. */
    private record OutputsLost(CoordinatorCommand.NeighbourLost news) implements Command {}

    private record Heard(WorkerNews news) implements Command {}

    private final RunActors actors;
    private final TrainingControl control;
    private @Nullable ActorRef<CoordinatorCommand> coordinator;
    /** Whether the run has ended before it had its workers. */
    private boolean ended;

    /** A run begins as soon as it has its workers. */
    static Behavior<Command> create(RunActors actors) {
        return Behaviors.setup(context -> {
            RunGuardian guardian = new RunGuardian(context, actors);
            List<ActorRef<WorkerCommand>> known =
                    actors.site().findWorkers(context, context.messageAdapter(WorkerNews.class, Heard::new));
            if (!known.isEmpty()) {
                guardian.start(known);
            }
            return guardian;
        });
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
            case Continue more -> onContinue();
            case Abort abort -> onAbort(abort.reason());
            case OutputsLost lost -> onOutputsLost(lost.news());
            case Heard heard -> onNews(heard.news());
            case CoordinatorEnded gone -> actors.failed(new RunFailure.ActorEnded("the coordinator"));
        }
        return this;
    }

    private void onStop(String reason) {
        if (coordinator != null) {
            coordinator.tell(new CoordinatorCommand.Stop(reason));
        } else {
            ended = true;
            actors.stoppedEarly(reason);
        }
    }

    /** Without a coordinator there is none to tell: the first thing it does is to look. */
    private void onContinue() {
        if (coordinator != null) {
            coordinator.tell(new CoordinatorCommand.ContinueSequence());
        }
    }

    /** Whoever says so was spawned with the coordinator. */
    private void onOutputsLost(CoordinatorCommand.NeighbourLost news) {
        if (coordinator != null) {
            coordinator.tell(news);
        }
    }

    private void onAbort(String reason) {
        if (coordinator != null) {
            coordinator.tell(new CoordinatorCommand.Abort(reason));
        } else {
            fail(TrainingFailures.of(new RunFailure.Aborted(reason), Optional.empty(), actors.site()));
        }
    }

    private void onNews(WorkerNews news) {
        if (coordinator != null) {
            if (news instanceof WorkerNews.Lost lost) {
                coordinator.tell(new CoordinatorCommand.WorkerLost(lost.worker()));
            }
        } else if (!ended) {
            switch (news) {
                case WorkerNews.Awaited awaited -> announce(awaited.event());
                case WorkerNews.Found found -> start(found.workers());
                case WorkerNews.Missing missing -> fail(missing.failure());
                case WorkerNews.Lost lost -> {}
            }
        }
    }

    /** Only the first end counts. */
    private void fail(RuntimeException failure) {
        ended = true;
        actors.end().completeExceptionally(failure);
    }

    private void announce(TrainingEvent event) {
        try {
            actors.listeners().forEach(listener -> listener.on(event, control));
        } catch (Throwable e) { // it is the user's, and arrives whole
            fail(TrainingFailures.of(
                    new RunFailure.CoordinatorFailed("a listener failed on WaitingForWorkers: " + e),
                    Optional.of(e),
                    actors.site()));
        }
    }

    private void start(List<ActorRef<WorkerCommand>> workers) {
        ActorRef<CoordinatorCommand> spawned = actors.spawn(
                getContext(),
                workers,
                control,
                getContext().messageAdapter(CoordinatorCommand.NeighbourLost.class, OutputsLost::new));
        coordinator = spawned;
        getContext().watchWith(spawned, new CoordinatorEnded());
    }
}
