package io.ketju.actors.run;

import io.ketju.actors.coordinator.Coordinator;
import io.ketju.actors.coordinator.RunOutcome;
import io.ketju.actors.coordinator.RunReporter;
import io.ketju.actors.job.TrainingControl;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.job.WorkerLostException;
import io.ketju.actors.message.Assignment;
import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.RunFailure;
import io.ketju.actors.message.WorkerCommand;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * What a run's top does with what it hears, from the search for workers to the end: begins a start, and the next one where that failed
 * for want of a worker. Used by {@link RunGuardian} alone.
 */
final class GuardedRun {
    private final ActorContext<RunGuardian.Command> context;
    private final OpenRun run;
    private final TimerScheduler<RunGuardian.Command> timers;
    private final TrainingControl control;
    private final Executor blocking;
    private final RestartBudget budget;
    private @Nullable RunReporter reporter;
    private RunActors.@Nullable Spawned spawned;
    /** The actors of the last start that have not ended. */
    private final Set<ActorRef<?>> living = new HashSet<>();
    /** Between two starts. */
    private @Nullable Recovery recovery;

    private Optional<String> stopReason = Optional.empty();
    private boolean ended;

    GuardedRun(ActorContext<RunGuardian.Command> context, TimerScheduler<RunGuardian.Command> timers, OpenRun run) {
        this.context = context;
        this.timers = timers;
        this.run = run;
        this.budget = new RestartBudget(run.recovers() ? run.job().maxRestarts() : 0);
        this.blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
        ActorRef<RunGuardian.Command> self = context.getSelf();
        this.control = reason -> self.tell(new RunGuardian.Stop(reason));
    }

    /** Has the workers found, and begins at once where they are known. */
    void open() {
        List<ActorRef<WorkerCommand>> known =
                run.site().findWorkers(context, context.messageAdapter(WorkerNews.class, RunGuardian.Heard::new));
        if (!known.isEmpty()) {
            begin(known);
        }
    }

    /** Has workers found again, unless the run has ended meanwhile. */
    void search(Optional<String> lost) {
        if (!ended) {
            run.site().findWorkersAgain(lost);
        }
    }

    /** Without a coordinator there is none to tell: the first thing it does is to look. */
    void tellCoordinator(CoordinatorCommand command) {
        if (spawned != null) {
            spawned.coordinator().tell(command);
        }
    }

    void onStop(String reason) {
        stopReason = stopReason.or(() -> Optional.of(reason));
        tellCoordinator(new CoordinatorCommand.Stop(reason));
        endIfStopped();
    }

    /** Between two starts a run ends as soon as it is known where it stands. */
    private void endIfStopped() {
        if (!ended && spawned == null && stopReason.isPresent() && (recovery == null || recovery.prepared())) {
            ended = true;
            run.stoppedEarly(
                    stopReason.get(),
                    reporter != null ? reporter : new RunReporter(run.job(), List.of(), System::nanoTime, 1));
        }
    }

    void onAbort(String reason) {
        if (spawned != null) {
            spawned.coordinator().tell(new CoordinatorCommand.Abort(reason));
        } else {
            fail(TrainingFailures.of(new RunFailure.Aborted(reason), Optional.empty(), run.site()));
        }
    }

    void onNews(WorkerNews news) {
        if (spawned != null) {
            if (news instanceof WorkerNews.Lost lost) {
                spawned.coordinator().tell(new CoordinatorCommand.WorkerLost(lost.worker()));
            }
        } else if (!ended) {
            switch (news) {
                case WorkerNews.Awaited awaited -> announce(awaited.event());
                case WorkerNews.Found found -> onFound(found.workers());
                case WorkerNews.Missing missing -> onMissing(missing.failure());
                case WorkerNews.EndedEarly early -> onEndedEarly(early.line());
                case WorkerNews.Lost lost -> {
                    if (recovery != null && recovery.lost(lost.worker())) {
                        onEndedEarly(
                                "worker " + Coordinator.addressOf(lost.worker()) + " was lost before it was asked");
                    }
                }
            }
        }
    }

    private void onFound(List<ActorRef<WorkerCommand>> workers) {
        if (recovery == null) {
            begin(workers);
        } else {
            recovery.found(workers);
            beginIfReady();
        }
    }

    private void onMissing(RuntimeException failure) {
        fail(recovery == null ? failure : new WorkerLostException(recovery.cause() + "; then " + failure.getMessage()));
    }

    /** A worker has gone that no start had yet: that costs one as well, or a worker that never comes up is started for ever. */
    private void onEndedEarly(String line) {
        switch (budget.failed(System.nanoTime(), run.start().setup().completedSteps())) {
            case RestartBudget.Over over -> fail(new WorkerLostException(noted(line, over.why())));
            case RestartBudget.Again again -> {
                context.getLog().warn("{}: looking for workers again", line);
                if (recovery == null) {
                    recovery = new Recovery(line, CompletableFuture.completedFuture(line), List.of());
                    recovery.prepare(); // nobody has used what the first start was to begin with
                }
                search(Optional.empty(), again);
            }
        }
    }

    void onStartEnded(RunOutcome outcome) {
        if (ended || spawned == null) {
            return;
        }
        Optional<RunFailure> failure = outcome.failure().filter(RunFailure::recoverable);
        if (failure.isEmpty() || stopReason.isPresent() || !run.recovers()) {
            end(outcome, Optional.empty());
            return;
        }
        switch (budget.failed(System.nanoTime(), outcome.completedSteps())) {
            case RestartBudget.Over over -> end(outcome, over.why());
            case RestartBudget.Again again -> recover(failure.get(), again);
        }
    }

    /** Whatever is left of the start ends now; when it has, nothing of it can be committed any more. */
    private void recover(RunFailure failure, RestartBudget.Again again) {
        context.getLog().warn("{}: the run goes on by itself", failure.line());
        RunActors.Spawned old = Objects.requireNonNull(spawned);
        spawned = null;
        Supplier<String> told =
                () -> failure instanceof RunFailure.WorkerLost lost ? run.site().describe(lost) : failure.line();
        recovery = new Recovery(failure.line(), CompletableFuture.supplyAsync(told, blocking), living);
        old.others().forEach(context::stop);
        search(failure instanceof RunFailure.WorkerLost lost ? Optional.of(lost.address()) : Optional.empty(), again);
    }

    private void search(Optional<String> lost, RestartBudget.Again again) {
        RunGuardian.Search search = new RunGuardian.Search(lost);
        if (again.pause().isZero()) {
            context.getSelf().tell(search);
        } else {
            timers.startSingleTimer(search, again.pause());
        }
    }

    void onGone(ActorRef<?> actor) {
        living.remove(actor);
        if (spawned != null && spawned.coordinator().equals(actor)) {
            run.failed(new RunFailure.ActorEnded("the coordinator"));
        } else if (recovery != null && recovery.left(actor) && !ended) {
            RunSetup last = run.start().setup();
            run.start().closeWhenBack();
            context.pipeToSelf(
                    CompletableFuture.supplyAsync(last::again, blocking),
                    (setup, failure) ->
                            setup != null ? new RunGuardian.Prepared(setup) : new RunGuardian.Unprepared(failure));
        }
    }

    void onPrepared(RunSetup setup) {
        if (ended || recovery == null) {
            return;
        }
        try {
            run.current().set(RunStart.of(setup, run.windows()));
        } catch (RuntimeException e) {
            onUnprepared(e);
            return;
        }
        recovery.prepare();
        endIfStopped();
        beginIfReady();
    }

    void onUnprepared(Throwable thrown) {
        Throwable cause = thrown.getCause() != null ? thrown.getCause() : thrown;
        String line = (recovery == null ? "" : recovery.cause() + "; then ") + cause.getMessage();
        fail(TrainingFailures.of(new RunFailure.CoordinatorFailed(line), Optional.of(cause), run.site()));
    }

    private void beginIfReady() {
        if (!ended && recovery != null && recovery.ready()) {
            begin(recovery.workers());
        }
    }

    private void begin(List<ActorRef<WorkerCommand>> workers) {
        Assignment assignment = Assignment.contiguous(run.job().pipeline().placement(), workers.size());
        int lanes = RunActors.lanes(assignment, run.job().threads());
        RunReporter telling =
                reporter != null ? reporter : new RunReporter(run.job(), controlling(), System::nanoTime, lanes);
        reporter = telling;
        if (recovery != null) {
            telling.restarting(new RunReporter.Restart(recovery.cause(), lanes));
            recovery = null;
        }
        RunActors.Spawned begun = new RunActors(
                        run.start(),
                        run.site(),
                        run.schedules(),
                        workers.subList(0, assignment.workers()),
                        assignment,
                        telling)
                .spawn(
                        context,
                        context.messageAdapter(CoordinatorCommand.NeighbourLost.class, RunGuardian.OutputsLost::new));
        spawned = begun;
        living.add(begun.coordinator());
        living.addAll(begun.others());
        living.forEach(actor -> context.watchWith(actor, new RunGuardian.ActorGone(actor)));
        ActorRef<RunGuardian.Command> self = context.getSelf();
        begun.outcome().minimalCompletionStage().thenAccept(outcome -> self.tell(new RunGuardian.StartEnded(outcome)));
    }

    private List<TrainingListener> controlling() {
        return run.listeners().stream()
                .<TrainingListener>map(listener -> event -> listener.on(event, control))
                .toList();
    }

    private void end(RunOutcome outcome, Optional<String> note) {
        ended = true;
        RunReporter told = Objects.requireNonNull(reporter);
        run.end().complete(new OpenRun.RunEnd(outcome, told, run.start().setup(), note));
    }

    /** Only the first end counts. */
    private void fail(RuntimeException failure) {
        ended = true;
        run.end().completeExceptionally(failure);
    }

    private static String noted(String line, Optional<String> note) {
        return line + note.map(more -> "; " + more).orElse("");
    }

    private void announce(TrainingEvent event) {
        try {
            run.listeners().forEach(listener -> listener.on(event, control));
        } catch (Throwable e) { // it is the user's, and arrives whole
            fail(TrainingFailures.of(
                    new RunFailure.CoordinatorFailed("a listener failed on WaitingForWorkers: " + e),
                    Optional.of(e),
                    run.site()));
        }
    }
}
