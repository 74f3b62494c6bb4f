package io.ketju.actors.run;

import io.ketju.actors.coordinator.RunOutcome;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.message.CoordinatorCommand;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The top of a run's actors: has the workers found, then spawns the coordinator, and passes on a wish to stop. Where a start
 * fails for want of a worker, it makes the next one, which is like the first: nothing of the old one is mended.
 */
final class RunGuardian extends AbstractMatchingBehavior<RunGuardian.Command> {
    sealed interface Command {}

    /** End the run at the next step boundary. */
    record Stop(String reason) implements Command {}

    /** The run's sequence of windows, which had no more for now, has something. */
    record Continue() implements Command {}

    /** End the run now. */
    record Abort(String reason) implements Command {}

    record StartEnded(RunOutcome outcome) implements Command {}

    record ActorGone(ActorRef<?> actor) implements Command {}

    /** There is a place to begin from again. */
    record Prepared(RunSetup setup) implements Command {}

    record Unprepared(Throwable failure) implements Command {}

    /** Workers are to be found again. */
    record Search(Optional<String> lost) implements Command {}

    /** The outputs of a stage cannot come any more. */
    record OutputsLost(CoordinatorCommand.NeighbourLost news) implements Command {}

    record Heard(WorkerNews news) implements Command {}

    /** Go on over more workers, or fewer. */
    record Resize(WorkerChanges.Wish wish) implements Command {}

    /** Go on with another cut. */
    record Repartition(Repartitioning wish) implements Command {}

    /** The stages stand by another cut. */
    record Moved(TrainingEvent.Repartitioned told) implements Command {}

    /** What each stage took for a step, in nanoseconds. */
    record Measured(List<Double> busy) implements Command {
        Measured {
            busy = List.copyOf(busy);
        }
    }

    private final GuardedRun run;

    /** A run begins as soon as it has its workers. */
    static Behavior<Command> create(OpenRun run) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            GuardedRun guarded = new GuardedRun(context, timers, run);
            guarded.open();
            return new RunGuardian(context, guarded);
        }));
    }

    private RunGuardian(ActorContext<Command> context, GuardedRun run) {
        super(context);
        this.run = run;
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        switch (command) {
            case Stop stop -> run.onStop(stop.reason());
            case Continue more -> run.tellCoordinator(new CoordinatorCommand.ContinueSequence());
            case Abort abort -> run.onAbort(abort.reason());
            case OutputsLost lost -> run.tellCoordinator(lost.news());
            case Heard heard -> run.onNews(heard.news());
            case Repartition wanted -> run.onRepartition(wanted.wish());
            case Resize wanted -> run.onResize(wanted.wish());
            case Moved moved -> run.onMoved(moved.told());
            case Measured measured -> run.onMeasured(measured.busy());
            case StartEnded done -> run.onStartEnded(done.outcome());
            case ActorGone gone -> run.onGone(gone.actor());
            case Prepared prepared -> run.onPrepared(prepared.setup());
            case Unprepared failed -> run.onUnprepared(failed.failure());
            case Search search -> run.search(search.lost());
        }
        return this;
    }
}
