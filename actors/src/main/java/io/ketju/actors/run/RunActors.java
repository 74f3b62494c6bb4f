package io.ketju.actors.run;

import io.ketju.actors.checkpoint.CheckpointWriter;
import io.ketju.actors.coordinator.Coordinator;
import io.ketju.actors.coordinator.LostWorker;
import io.ketju.actors.coordinator.RunReporter;
import io.ketju.actors.feed.BatchFeeder;
import io.ketju.actors.feed.MicrobatchQueue;
import io.ketju.actors.job.TrainingControl;
import io.ketju.actors.job.TrainingFailedException;
import io.ketju.actors.job.TrainingListener;
import io.ketju.actors.stage.LocalLink;
import io.ketju.actors.stage.NettyLink;
import io.ketju.actors.stage.StageActor;
import io.ketju.actors.stage.StageLink;
import io.ketju.actors.worker.Assignment;
import io.ketju.actors.worker.EdgeConnector;
import io.ketju.actors.worker.EdgePlan;
import io.ketju.actors.worker.LinkMode;
import io.ketju.actors.worker.StageAddress;
import io.ketju.actors.worker.WorkerNode;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.protocol.dataplane.DataPlane;
import io.ketju.protocol.frame.EdgeId;
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
 * @param queue the run's samples; the run owns it
 * @param plane how inputs reach stages in other JVMs; empty: there are none
 * @param lost the first worker that was lost, once one is
 */
record RunActors(
        RunSetup setup,
        MicrobatchQueue queue,
        Optional<DataPlane> plane,
        LinkMode linkMode,
        List<TrainingListener> listeners,
        LaunchedWorkers launched,
        CompletableFuture<LostWorker> lost,
        CompletableFuture<RunEnd> end) {

    /** How a run ended, and who kept the books. */
    record RunEnd(Coordinator.RunOutcome outcome, RunReporter reporter) {}

    /** Longest time without any stage finishing a window. */
    private static final Duration PROGRESS_TIMEOUT = Duration.ofMinutes(5);

    /** Spawns coordinator, feeder and manifest writer over these workers; the run starts at once. */
    ActorRef<Coordinator.Command> spawn(
            ActorContext<?> context, List<ActorRef<WorkerNode.Command>> available, TrainingControl control) {
        Assignment assignment = Assignment.contiguous(setup.job().stages(), available.size());
        int threads = setup.job().threads();
        int lanes = java.util.stream.IntStream.range(0, assignment.workers())
                .map(worker -> Math.min(threads, assignment.stagesOf(worker).size()))
                .sum();
        RunReporter reporter = new RunReporter(setup.job(), controlling(control), System::nanoTime, lanes);
        ActorRef<CheckpointWriter.Command> writer =
                context.spawn(CheckpointWriter.create(setup.store()), "manifest-writer", DispatcherSelector.blocking());
        ActorRef<BatchFeeder.Command> feeder = context.spawn(BatchFeeder.create(queue, this::connectFeeder), "feeder");
        CompletableFuture<Coordinator.RunOutcome> outcome = new CompletableFuture<>();
        outcome.minimalCompletionStage().thenAccept(ended -> end.complete(new RunEnd(ended, reporter)));
        return context.spawn(
                Coordinator.create(new Coordinator.Parts(
                        setup.job(),
                        setup.ticket(),
                        assignment,
                        available.subList(0, assignment.workers()),
                        feeder,
                        writer,
                        reporter,
                        setup.completedSteps(),
                        setup.checkpoint().map(found -> found.directory().toAbsolutePath()),
                        absolute(setup.directory().checkpoints()),
                        PROGRESS_TIMEOUT,
                        lost,
                        outcome)),
                "coordinator");
    }

    /** The run ended without an outcome; one line says why. After an outcome this does nothing. */
    void failed(String line) {
        end.completeExceptionally(new TrainingFailedException(line));
    }

    /** The run was stopped when it waited for workers: that is an end like any other. */
    void stoppedEarly(String reason) {
        end.complete(new RunEnd(
                new Coordinator.RunOutcome(
                        Optional.empty(), Optional.of(reason), setup.completedSteps(), false, Optional.empty()),
                new RunReporter(setup.job(), List.of(), System::nanoTime, 1)));
    }

    private List<TrainingListener> controlling(TrainingControl control) {
        return listeners.stream()
                .<TrainingListener>map(listener -> event -> listener.on(event, control))
                .toList();
    }

    private CompletionStage<BatchFeeder.Links> connectFeeder(StageAddress first, StageAddress last) {
        CompletableFuture<StageLink> inputs = link(first, TensorKey.Kind.INPUT);
        CompletableFuture<StageLink> targets = link(last, TensorKey.Kind.TARGET);
        return inputs.thenCombine(targets, BatchFeeder.Links::new);
    }

    private CompletableFuture<StageLink> link(StageAddress stage, TensorKey.Kind kind) {
        ActorRef<StageActor.Command> actor = stage.actor();
        if (linkMode == LinkMode.LOCAL_WHERE_POSSIBLE && actor.path().address().hasLocalScope()) {
            return CompletableFuture.completedFuture(new LocalLink(actor));
        }
        EdgeId edge = new EdgePlan(setup.job().pipeline(), setup.ticket()).id(EdgeId.FEEDER, stage.stage(), kind);
        // A broken connection is noticed by the stage on its other end, or by that stage's neighbours if it is gone.
        return EdgeConnector.connect(plane, stage, edge, cause -> {}).thenApply(NettyLink::new);
    }

    private static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }
}
