package io.ketju.actors.run;

import io.ketju.actors.checkpoint.Checkpoint;
import io.ketju.actors.checkpoint.CheckpointHash;
import io.ketju.actors.coordinator.RunReporter;
import io.ketju.actors.job.BestEpoch;
import io.ketju.actors.job.Repartition;
import io.ketju.actors.job.TrainingEvent;
import io.ketju.actors.job.TrainingFailedException;
import io.ketju.actors.job.TrainingJob;
import io.ketju.actors.job.TrainingResult;
import io.ketju.actors.message.OutputCommand;
import io.ketju.actors.message.RunFailure;
import io.ketju.pipeline.schedule.Schedule;
import io.ketju.pipeline.stage.Window;
import io.ketju.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A run of actors, from their start until the last thread has ended. */
final class ActorTraining implements Training {
    private static final Logger LOG = LoggerFactory.getLogger(ActorTraining.class);

    /** How long an orderly end may take when a run is closed that still goes on. */
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

    /** A run that brings nothing ends before. */
    private static final Duration LONGEST_CALL = Duration.ofDays(1);

    /** Why a run was stopped whose waiting thread was interrupted. */
    private static final String INTERRUPTED = "the thread that waited for the run was interrupted";

    private final OpenRun run;
    private final ActorSystem<RunGuardian.Command> system;
    /** Not this object's own monitor: a caller may hold that, and the work is done by other threads. */
    private final Object lock = new Object();

    private final Goodbye goodbye = new Goodbye();
    private boolean closed;
    private @Nullable TrainedModel model;
    private @Nullable TrainingResult result;

    ActorTraining(OpenRun run, ActorSystem<RunGuardian.Command> system) {
        this.run = run;
        this.system = system;
        system.getWhenTerminated()
                .thenRun(() -> run.failed(new RunFailure.Aborted("the actor system ended before the run did")));
    }

    @Override
    public void stop(String reason) {
        system.tell(new RunGuardian.Stop(reason));
    }

    @Override
    public void schedule(Schedule next) {
        run.schedules().choose(next);
    }

    @Override
    public CompletionStage<TrainingEvent.Repartitioned> repartition(Repartition wish) {
        CompletableFuture<TrainingEvent.Repartitioned> answer = new CompletableFuture<>();
        switch (wish) {
            case Repartition.Cut cut -> {
                TrainingJob next = cut.of(run.job());
                run.site().requireRoom(next);
                system.tell(new RunGuardian.Repartition(new Repartitioning(next, cut + " was asked for", answer)));
            }
            case Repartition.Workers workers ->
                system.tell(new RunGuardian.Resize(new WorkerChanges.Wish(workers, answer)));
        }
        run.end()
                .minimalCompletionStage()
                .whenComplete((end, failure) ->
                        answer.completeExceptionally(new IllegalStateException("repartition: the run has ended")));
        return answer;
    }

    RunSetup setup() {
        return run.start().setup();
    }

    /** Has the run look whether its sequence of windows has something. */
    void continueSequence() {
        system.tell(new RunGuardian.Continue());
    }

    @Override
    public boolean isDone() {
        return run.end().isDone();
    }

    /** Throws what {@link #await()} throws if the run failed, or {@link IllegalStateException} if it has ended. */
    void requireRunning() {
        refuseOwnThreads("what a session does");
        if (isDone()) {
            String reason = orderlyEnd().outcome().stopReason().orElse("closed");
            throw new IllegalStateException("the session has ended: " + reason);
        }
    }

    /** Waits for something that the run brings about; throws as {@link #requireRunning} if it ends before. */
    <T> T await(CompletableFuture<T> call) {
        CompletableFuture<?> either = CompletableFuture.anyOf(call, run.end().handle((end, failure) -> ""));
        uninterruptibly(either);
        if (!call.isDone()) {
            requireRunning();
        }
        return call.join();
    }

    /**
     * Has a window that predicts granted, and waits for its outputs; throws as {@link #requireRunning} if the run ends before.
     * Nobody writes to them when this returns.
     *
     * @return why not all of them came; empty: all are in their places
     */
    Optional<String> outputs(ActorRef<OutputCommand> receiver, Window window, List<Tensor> wanted, Runnable grant) {
        CompletableFuture<OutputCommand.Outputs> answer = AskPattern.<OutputCommand, OutputCommand.Outputs>ask(
                        receiver,
                        replyTo -> new OutputCommand.Expect(window, wanted, replyTo),
                        LONGEST_CALL,
                        system.scheduler())
                .toCompletableFuture();
        try {
            grant.run();
            return await(answer).failure();
        } finally {
            if (!answer.isDone()) {
                receiver.tell(new OutputCommand.Stop("the run has ended"));
                uninterruptibly(CompletableFuture.anyOf(
                        answer, system.getWhenTerminated().toCompletableFuture()));
            }
        }
    }

    private static void uninterruptibly(CompletableFuture<?> wanted) {
        boolean interrupted = false;
        while (!wanted.isDone()) {
            try {
                wanted.get();
            } catch (InterruptedException e) {
                interrupted = true;
            } catch (ExecutionException e) {
                break; // it is done, and whoever wants it finds that
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public TrainingResult await() {
        refuseOwnThreads("await()");
        boolean interrupted = awaitEnd();
        try {
            OpenRun.RunEnd end = orderlyEnd();
            return Shield.call("result", () -> finish(end));
        } finally {
            goodbye.begin(this::endActors);
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public TrainedModel model() {
        synchronized (lock) {
            if (model == null) {
                throw new IllegalStateException("no model before await() has returned a result, nor after close()");
            }
            return model;
        }
    }

    @Override
    public void close() {
        refuseOwnThreads("close()");
        Shield.run("close", this::closeAll);
    }

    /** Returns whether the calling thread was interrupted: the first interrupt stops the run, none ends the wait. */
    private boolean awaitEnd() {
        boolean interrupted = false;
        while (true) {
            try {
                run.end().get();
                return interrupted;
            } catch (ExecutionException e) {
                return interrupted;
            } catch (InterruptedException e) {
                if (!interrupted) {
                    stop(INTERRUPTED);
                }
                interrupted = true;
            }
        }
    }

    /** How the run ended; throws if that was a failure. */
    private OpenRun.RunEnd orderlyEnd() {
        OpenRun.RunEnd end;
        try {
            end = run.end().join();
        } catch (CompletionException e) {
            throw elsewhere().orElseGet(() -> e.getCause() instanceof RuntimeException cause ? cause : e);
        }
        Optional<RunFailure> failure = end.outcome().failure();
        if (failure.isEmpty()) {
            return end;
        }
        throw elsewhere()
                .orElseGet(
                        () -> TrainingFailures.of(failure.get(), end.outcome().thrown(), run.site(), end.note()));
    }

    /** Whatever a start fails of once the run goes on elsewhere: that is why. */
    private Optional<RuntimeException> elsewhere() {
        return run.start().setup().superseded().map(TrainingFailedException::new);
    }

    private void closeAll() {
        if (!run.end().isDone()) {
            system.tell(new RunGuardian.Abort("the run was closed before its end"));
            // Releasing the stages in order frees their memory now; what is not released in time goes with the rest.
            run.end()
                    .handle((end, failure) -> "")
                    .completeOnTimeout("", CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
        }
        goodbye.begin(this::endActors);
        goodbye.await();
        synchronized (lock) {
            closed = true;
            if (model != null) {
                model.close();
                model = null;
            }
            run.start().setup().cleanUp();
        }
    }

    private TrainingResult finish(OpenRun.RunEnd end) {
        synchronized (lock) {
            if (result == null) {
                if (closed) {
                    throw new IllegalStateException("the run was closed before await() had taken its result");
                }
                result = makeResult(end);
            }
            return result;
        }
    }

    private TrainingResult makeResult(OpenRun.RunEnd end) {
        RunSetup setup = end.setup();
        Optional<Checkpoint> last = setup.directory().newest();
        TrainedModel trained = model;
        if (trained == null) {
            trained = last.map(setup.directory()::given)
                    .map(found -> SavedModels.load(setup.job(), found.directory()))
                    .orElseGet(() -> SavedModels.initial(setup.job()));
            model = trained;
        }
        if (last.isPresent() && !setup.temporary()) {
            try {
                setup.store().requireLatest();
                SavedModels.writeWeights(setup.job(), setup.directory(), trained);
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "cannot write " + setup.directory().weights() + ": " + e, e);
            }
        }
        RunReporter reporter = end.reporter();
        TrainingResult made = new TrainingResult(
                end.outcome().completedSteps(),
                end.outcome().completed(),
                end.outcome().stopReason(),
                reporter.train(),
                reporter.test(),
                last.flatMap(found -> BestEpoch.in(found.manifest().progress())),
                last.map(CheckpointHash::of).orElseGet(() -> InitialTraining.hash(setup.job())),
                reporter.phases(),
                setup.temporary()
                        ? Optional.empty()
                        : Optional.of(setup.directory().path()));
        setup.cleanUp();
        return made;
    }

    /** Ends everything that runs. A temporary folder stays until its weights were read, if they will be. */
    private void endActors() {
        run.site().end(system, lost());
        RunStart last = run.start();
        if (last.samples().outstanding() != 0) {
            LOG.warn("{} buffers of samples did not come back", last.samples().outstanding());
        }
        run.site().close();
        last.close();
        if (failed()) {
            run.start().setup().cleanUp();
        }
    }

    /** Where the worker was whose loss ended the run. */
    private Optional<String> lost() {
        return run.end().isCompletedExceptionally()
                ? Optional.empty()
                : run.end()
                        .join()
                        .outcome()
                        .failure()
                        .filter(RunFailure.WorkerLost.class::isInstance)
                        .map(failure -> ((RunFailure.WorkerLost) failure).address());
    }

    private boolean failed() {
        return run.end().isCompletedExceptionally()
                || run.end()
                        .thenApply(end -> end.outcome().failure().isPresent())
                        .getNow(true);
    }

    /** A listener that waited for the end would wait for itself. */
    private void refuseOwnThreads(String method) {
        if (ActorSystems.owns(system, Thread.currentThread())) {
            throw new IllegalStateException(method + " cannot be called by a listener; call stop() instead");
        }
    }
}
