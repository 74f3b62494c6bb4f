package io.ketju.actors.run;

import io.ketju.actors.coordinator.Coordinator;
import io.ketju.actors.coordinator.RunOutcome;
import io.ketju.actors.coordinator.RunReporter;
import io.ketju.actors.coordinator.StagePace;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingJob;
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
    private final Executor blocking;
    private final ActorRef<WorkerNews> news;
    private final RestartBudget budget;
    private final RunTelling telling;
    private RunActors.@Nullable Spawned spawned;
    /** The actors of the last start that have not ended. */
    private final Set<ActorRef<?>> living = new HashSet<>();
    /** Between two starts. */
    private @Nullable Recovery recovery;

    /** Workers of the last start, also such as hold nothing. */
    private List<ActorRef<WorkerCommand>> workers = List.of();

    private final WorkerChanges resizing = new WorkerChanges();
    private final PlannedChanges changes;
    /** Those of the workers that hold stages; null before the first start. */
    private HandOvers.@Nullable Held held;

    private int lanes = 1;
    private Optional<String> stopReason = Optional.empty();
    private boolean ended;

    GuardedRun(ActorContext<RunGuardian.Command> context, TimerScheduler<RunGuardian.Command> timers, OpenRun run) {
        this.context = context;
        this.timers = timers;
        this.run = run;
        this.budget = new RestartBudget(run.recovers() ? run.job().maxRestarts() : 0);
        this.blocking = context.getSystem().dispatchers().lookup(DispatcherSelector.blocking());
        this.news = context.messageAdapter(WorkerNews.class, RunGuardian.Heard::new);
        ActorRef<RunGuardian.Command> self = context.getSelf();
        this.changes = PlannedChanges.of(run.job(), run.site()::name);
        this.telling = new RunTelling(
                run,
                changes,
                reason -> self.tell(new RunGuardian.Stop(reason)),
                moved -> self.tell(new RunGuardian.Moved(moved)));
    }

    /** Has the workers found, and begins at once where they are known. */
    void open() {
        List<ActorRef<WorkerCommand>> known = run.site().findWorkers(context, news);
        if (!known.isEmpty()) {
            begin(known);
        }
    }

    /** Has workers found again, unless the run has ended meanwhile. */
    void search(Optional<String> lost) {
        if (!ended) {
            changes.replacements().searched();
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
            run.stoppedEarly(stopReason.get(), telling.soFar());
        }
    }

    void onAbort(String reason) {
        if (spawned != null) {
            spawned.coordinator().tell(new CoordinatorCommand.Abort(reason));
        } else {
            fail(TrainingFailures.of(new RunFailure.Aborted(reason), Optional.empty(), run.site()));
        }
    }

    void onNews(WorkerNews heard) {
        switch (heard) {
            case WorkerNews.Offered offered ->
                resizing.found(run.job(), offered.workers()).ifPresent(this::onRepartition);
            case WorkerNews.Leaving leaving -> onLeaving(leaving.worker());
            case WorkerNews.Instead others -> {
                changes.handOvers().instead(others.workers());
                pauseIfWanted();
            }
            case WorkerNews.Joined joined -> onJoined(joined.workers());
            case WorkerNews.OfSearch search -> {
                if (spawned == null && !ended) {
                    onSearch(search);
                } else if (search instanceof WorkerNews.Lost lost) {
                    changes.replacements().lost(lost.worker());
                    tellCoordinator(new CoordinatorCommand.WorkerLost(lost.worker()));
                }
            }
        }
    }

    /** Of a search for workers, between two starts or before the first. */
    private void onSearch(WorkerNews.OfSearch news) {
        switch (news) {
            case WorkerNews.Awaited awaited ->
                telling.announce(
                                recovery == null
                                        ? awaited.event()
                                        : awaited.event().because(recovery.cause()))
                        .ifPresent(this::fail);
            case WorkerNews.Found found -> onFound(found.workers());
            case WorkerNews.Missing missing -> onMissing(missing.failure());
            case WorkerNews.EndedEarly early -> onEndedEarly(early.line());
            case WorkerNews.Lost lost -> {
                if (recovery != null && recovery.lost(lost.worker())) {
                    onEndedEarly("worker " + Coordinator.addressOf(lost.worker()) + " was lost before it was asked");
                }
            }
        }
    }

    /** Others are looked for while the run goes on. A run that cannot begin again anywhere keeps the worker until it is lost. */
    private void onLeaving(ActorRef<WorkerCommand> worker) {
        if (!ended && run.handsOver() && changes.handOvers().leaves(worker)) {
            context.getLog().info("{} is about to go", run.site().name(worker));
            run.site().replaceLeaving(worker);
        }
    }

    /** A run that has not begun again yet does so with them; one that goes on takes them at its next boundary, if it can pause there. */
    private void onJoined(List<ActorRef<WorkerCommand>> workers) {
        if (recovery != null && recovery.kind() == Recovery.Kind.LOSS) {
            recovery.joined(workers);
        } else if (!ended && run.handsOver()) {
            changes.replacements().offer(workers);
            pauseIfWanted();
        }
    }

    private void pauseIfWanted() {
        if (held != null && changes.ask(run.job(), held)) {
            tellCoordinator(new CoordinatorCommand.Pause());
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
            case RestartBudget.Over over -> fail(new WorkerLostException(over.noted(line)));
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

    /** At the next boundary the start pauses for it; without a start, the next one does as soon as it can. */
    void onRepartition(Repartitioning wish) {
        if (changes.cuts().take(wish, shape(), refusal())) {
            tellCoordinator(new CoordinatorCommand.Pause());
        }
    }

    /** Workers are looked for, while the run goes on; with them it is cut anew. */
    void onResize(WorkerChanges.Wish wish) {
        Optional<String> refusal = refusal()
                .or(() -> run.recovers()
                        ? Optional.empty()
                        : Optional.of("expected a run over several processes, found one in this JVM"))
                .or(() -> spawned != null
                        ? Optional.empty()
                        : Optional.of("the run is between two starts; ask again when it goes on"));
        resizing.take(wish, shape().workers().size(), refusal)
                .ifPresent(count -> run.site().offerWorkers(context, workers, count, news));
    }

    /** Why there is to be no other start than those that losses ask for, if that is so. */
    private Optional<String> refusal() {
        return ended
                ? Optional.of("the run has ended")
                : stopReason.map(reason -> "the run is being stopped: " + reason);
    }

    /** What the run is now. */
    private Repartitioning.Shape shape() {
        return new Repartitioning.Shape(run.job(), held == null ? List.of() : held.workers());
    }

    void onMeasured(List<Double> busy) {
        changes.cuts().measured(run.job(), busy, lanes).ifPresent(this::onRepartition);
    }

    void onMoved(TrainingEvent.Repartitioned told) {
        changes.told(told);
    }

    void onStartEnded(RunOutcome outcome) {
        if (ended || spawned == null) {
            return;
        }
        Optional<RunFailure> failure = outcome.failure().filter(RunFailure::recoverable);
        if (stopReason.isEmpty() && goesOnAsPlanned(outcome, failure.isPresent())) {
            return;
        }
        if (failure.isEmpty() || stopReason.isPresent() || !run.recovers()) {
            end(outcome, Optional.empty());
            return;
        }
        switch (budget.failed(System.nanoTime(), outcome.completedSteps())) {
            case RestartBudget.Over over -> end(outcome, over.why());
            case RestartBudget.Again again -> recover(failure.get(), again);
        }
    }

    /** Whether another start follows that no loss asks for. */
    private boolean goesOnAsPlanned(RunOutcome outcome, boolean lost) {
        Optional<Recovery> planned =
                changes.after(outcome, lost, shape(), Objects.requireNonNull(held), workers, living);
        planned.ifPresent(next -> {
            leave(next);
            if (next.workers().isEmpty()) {
                search(Optional.empty());
            }
        });
        return planned.isPresent();
    }

    private void leave(Recovery next) {
        RunActors.Spawned old = Objects.requireNonNull(spawned);
        spawned = null;
        recovery = next;
        old.others().forEach(context::stop);
    }

    /** Whatever is left of the start ends now; when it has, nothing of it can be committed any more. */
    private void recover(RunFailure failure, RestartBudget.Again again) {
        context.getLog().warn("{}: the run goes on by itself", failure.line());
        Supplier<String> told =
                () -> failure instanceof RunFailure.WorkerLost lost ? run.site().describe(lost) : failure.line();
        leave(new Recovery(failure.line(), CompletableFuture.supplyAsync(told, blocking), living));
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
            TrainingJob next = changes.cuts().next(last.job());
            run.start().closeWhenBack();
            context.pipeToSelf(
                    CompletableFuture.supplyAsync(() -> last.again(next, this::gather), blocking),
                    (setup, failure) ->
                            setup != null ? new RunGuardian.Prepared(setup) : new RunGuardian.Unprepared(failure));
        }
    }

    /** What workers hold in memory may be newer than any checkpoint. */
    private void gather(RunSetup next) {
        run.copies().take().ifPresent(round -> CopyGathering.gather(next, round, run.site()));
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

    private void begin(List<ActorRef<WorkerCommand>> found) {
        workers = List.copyOf(found);
        Assignment assignment = Assignment.contiguous(run.job().pipeline().placement(), workers.size());
        HandOvers.Held holding = new HandOvers.Held(workers.subList(0, assignment.workers()), assignment);
        held = holding;
        lanes = RunActors.lanes(assignment, run.job().threads());
        RunReporter reporter = telling.of(Optional.ofNullable(recovery), holding, lanes);
        recovery = null;
        ActorRef<RunGuardian.Command> self = context.getSelf();
        run.job()
                .rebalance()
                .ifPresent(rule -> reporter.pacedBy(new StagePace(
                        run.job().stages(), rule.steps(), busy -> self.tell(new RunGuardian.Measured(busy)))));
        RunActors.Spawned begun = new RunActors(
                        run.start(),
                        run.site(),
                        run.schedules(),
                        run.copies(),
                        worker -> self.tell(new RunGuardian.Heard(new WorkerNews.Leaving(worker))),
                        holding.workers(),
                        assignment,
                        reporter)
                .spawn(
                        context,
                        context.messageAdapter(CoordinatorCommand.NeighbourLost.class, RunGuardian.OutputsLost::new));
        spawned = begun;
        living.add(begun.coordinator());
        living.addAll(begun.others());
        living.forEach(actor -> context.watchWith(actor, new RunGuardian.ActorGone(actor)));
        pauseIfWanted();
        begun.outcome().minimalCompletionStage().thenAccept(outcome -> self.tell(new RunGuardian.StartEnded(outcome)));
    }

    private void end(RunOutcome outcome, Optional<String> note) {
        ended = true;
        run.ended(new OpenRun.RunEnd(outcome, telling.soFar(), run.start().setup(), note));
    }

    /** Only the first end counts. */
    private void fail(RuntimeException failure) {
        ended = true;
        run.ended(failure);
    }
}
