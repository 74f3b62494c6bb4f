package io.ketju.actors.run;

import io.ketju.actors.checkpoint.CheckpointWriter;
import io.ketju.actors.coordinator.Coordinator;
import io.ketju.actors.coordinator.CoordinatorParts;
import io.ketju.actors.coordinator.EpochSequence;
import io.ketju.actors.coordinator.RunLength;
import io.ketju.actors.coordinator.RunOutcome;
import io.ketju.actors.coordinator.RunReporter;
import io.ketju.actors.coordinator.ScheduleSwitch;
import io.ketju.actors.coordinator.WindowSequence;
import io.ketju.actors.feed.BatchFeeder;
import io.ketju.actors.feed.MicrobatchBuffers;
import io.ketju.actors.feed.OutputReceiver;
import io.ketju.actors.job.TrainingControl;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.message.Assignment;
import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.FeederCommand;
import io.ketju.actors.message.OutputAddress;
import io.ketju.actors.message.OutputCommand;
import io.ketju.actors.message.RunFailure;
import io.ketju.actors.message.StageAddress;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.pipeline.PipelineSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * What one run needs on the coordinator's side, and how its actors are spawned.
 *
 * @param samples the run's samples; the run owns it
 * @param site where its stages are held; the run owns it
 * @param windows which there are
 * @param schedules which of the job's schedules steps take
 */
record RunActors(
        RunSetup setup,
        MicrobatchBuffers samples,
        RunSite site,
        Windows windows,
        ScheduleSwitch schedules,
        List<TrainingListener> listeners,
        CompletableFuture<RunEnd> end) {

    /**
     * The windows of a run.
     *
     * @param keepsCheckpoints whether the run takes a checkpoint of its last step when it ends
     * @param outputs to be completed with who takes what windows that predict make, where there are such
     */
    record Windows(
            WindowSequence sequence,
            boolean keepsCheckpoints,
            Optional<CompletableFuture<ActorRef<OutputCommand>>> outputs) {
        /** The epochs of a job. */
        static Windows epochs(RunSetup setup) {
            RunLength length = RunLength.of(setup.job());
            return new Windows(
                    new EpochSequence(length, setup.completedSteps(), setup.watched()),
                    length.checkpointEpochs() > 0,
                    Optional.empty());
        }

        /** What the caller of a session asks for. */
        static Windows session(
                RunSetup setup, SessionSequence sequence, CompletableFuture<ActorRef<OutputCommand>> outputs) {
            sequence.startAfter(setup.completedSteps());
            return new Windows(sequence, !setup.temporary(), Optional.of(outputs));
        }
    }

    /** How a run ended, and who kept the books. */
    record RunEnd(RunOutcome outcome, RunReporter reporter) {}

    /** Longest time without any stage finishing a window. */
    private static final Duration PROGRESS_TIMEOUT = Duration.ofMinutes(5);

    /**
     * Spawns coordinator, feeder and manifest writer over these workers; the run starts at once.
     *
     * @param losses hears of stages whose outputs cannot come any more, for the coordinator
     */
    ActorRef<CoordinatorCommand> spawn(
            ActorContext<?> context,
            List<ActorRef<WorkerCommand>> available,
            TrainingControl control,
            ActorRef<CoordinatorCommand.NeighbourLost> losses) {
        Assignment assignment = Assignment.contiguous(setup.job().pipeline().placement(), available.size());
        int threads = setup.job().threads();
        int lanes = java.util.stream.IntStream.range(0, assignment.workers())
                .map(worker -> Math.min(threads, assignment.ranksOf(worker).size()))
                .sum();
        RunReporter reporter = new RunReporter(setup.job(), controlling(control), System::nanoTime, lanes);
        ActorRef<CheckpointWriter.Command> writer =
                context.spawn(CheckpointWriter.create(setup.store()), "manifest-writer", DispatcherSelector.blocking());
        ActorRef<FeederCommand> feeder = context.spawn(BatchFeeder.create(samples, this::connectFeeder), "feeder");
        Optional<OutputAddress> outputs = windows.outputs().map(wanted -> {
            ActorRef<OutputCommand> receiver =
                    context.spawn(OutputReceiver.create(setup.ticket().incarnation(), losses), "outputs");
            wanted.complete(receiver);
            return site.transport().takingOutputs(setup.job().pipeline(), setup.ticket(), receiver);
        });
        CompletableFuture<RunOutcome> outcome = new CompletableFuture<>();
        outcome.minimalCompletionStage().thenAccept(ended -> end.complete(new RunEnd(ended, reporter)));
        return context.spawn(
                Coordinator.create(new CoordinatorParts(
                        setup.job(),
                        windows.sequence(),
                        windows.keepsCheckpoints(),
                        setup.ticket(),
                        assignment,
                        available.subList(0, assignment.workers()),
                        feeder,
                        FeedChoice.of(setup.job(), assignment, worker -> isHere(available.get(worker))),
                        writer,
                        reporter,
                        setup.completedSteps(),
                        setup.checkpoint().map(found -> found.directory().toAbsolutePath()),
                        absolute(setup.directory().checkpoints()),
                        PROGRESS_TIMEOUT,
                        outputs,
                        schedules,
                        outcome)),
                "coordinator");
    }

    /** The run ended without an outcome. After an outcome this does nothing. */
    void failed(RunFailure failure) {
        end.completeExceptionally(TrainingFailures.of(failure, Optional.empty(), site));
    }

    /** The run was stopped when it waited for workers: that is an end like any other. */
    void stoppedEarly(String reason) {
        end.complete(new RunEnd(
                new RunOutcome(Optional.empty(), Optional.of(reason), setup.completedSteps(), false, Optional.empty()),
                new RunReporter(setup.job(), List.of(), System::nanoTime, 1)));
    }

    private List<TrainingListener> controlling(TrainingControl control) {
        return listeners.stream()
                .<TrainingListener>map(listener -> event -> listener.on(event, control))
                .toList();
    }

    private CompletionStage<BatchFeeder.Links> connectFeeder(List<StageAddress> stages) {
        PipelineSpec pipeline = setup.job().pipeline();
        return site.transport()
                .feeding(pipeline, setup.ticket())
                .openAll(pipeline, stages)
                .thenApply(BatchFeeder.Links::new);
    }

    private static boolean isHere(ActorRef<WorkerCommand> worker) {
        return worker.path().address().hasLocalScope();
    }

    private static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }
}
