package io.ketju.actors.run;

import io.ketju.actors.checkpoint.CheckpointWriter;
import io.ketju.actors.coordinator.Coordinator;
import io.ketju.actors.coordinator.CoordinatorParts;
import io.ketju.actors.coordinator.RunCopies;
import io.ketju.actors.coordinator.RunOutcome;
import io.ketju.actors.coordinator.RunReporter;
import io.ketju.actors.coordinator.ScheduleSwitch;
import io.ketju.actors.feed.BatchFeeder;
import io.ketju.actors.feed.OutputReceiver;
import io.ketju.actors.message.Assignment;
import io.ketju.actors.message.CoordinatorCommand;
import io.ketju.actors.message.FeederCommand;
import io.ketju.actors.message.OutputAddress;
import io.ketju.actors.message.OutputCommand;
import io.ketju.actors.message.StageAddress;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.pipeline.PipelineSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * How the actors of one start of a run are spawned on the coordinator's side.
 *
 * @param site where its stages are held
 * @param schedules which of the job's schedules steps take
 * @param copies hears of copies in the memory of workers
 * @param leaving hears of workers that are about to go
 * @param workers those that the start has; all of them hold stages
 * @param assignment which of them holds what
 * @param reporter tells the listeners
 */
record RunActors(
        RunStart start,
        RunSite site,
        ScheduleSwitch schedules,
        RunCopies copies,
        Consumer<ActorRef<WorkerCommand>> leaving,
        List<ActorRef<WorkerCommand>> workers,
        Assignment assignment,
        RunReporter reporter) {
    /** Longest time without any stage finishing a window. */
    private static final Duration PROGRESS_TIMEOUT = Duration.ofMinutes(5);

    /**
     * What was spawned.
     *
     * @param outcome how the start ends, told before the coordinator stops
     * @param others that end when they are stopped
     */
    record Spawned(
            ActorRef<CoordinatorCommand> coordinator, CompletableFuture<RunOutcome> outcome, List<ActorRef<?>> others) {
        Spawned {
            others = List.copyOf(others);
        }
    }

    /** Actions that can run at once: compute threads, or ranks where they are fewer, over all workers. */
    static int lanes(Assignment assignment, int threads) {
        return IntStream.range(0, assignment.workers())
                .map(worker -> Math.min(threads, assignment.ranksOf(worker).size()))
                .sum();
    }

    /**
     * Spawns coordinator, feeder and manifest writer over these workers; the start begins at once.
     *
     * @param losses hears of stages whose outputs cannot come any more, for the coordinator
     */
    Spawned spawn(ActorContext<?> context, ActorRef<CoordinatorCommand.NeighbourLost> losses) {
        RunSetup setup = start.setup();
        String suffix = "-of-start-" + setup.ticket().incarnation();
        ActorRef<CheckpointWriter.Command> writer = context.spawn(
                CheckpointWriter.create(setup.store()), "manifest-writer" + suffix, DispatcherSelector.blocking());
        ActorRef<FeederCommand> feeder =
                context.spawn(BatchFeeder.create(start.samples(), this::connectFeeder), "feeder" + suffix);
        List<ActorRef<?>> others = new ArrayList<>(List.of(writer, feeder));
        Optional<OutputAddress> outputs = start.windows().outputs().map(wanted -> {
            ActorRef<OutputCommand> receiver =
                    context.spawn(OutputReceiver.create(setup.ticket().incarnation(), losses), "outputs" + suffix);
            others.add(receiver);
            wanted.complete(receiver);
            return site.transport().takingOutputs(setup.job().pipeline(), setup.ticket(), receiver);
        });
        CompletableFuture<RunOutcome> outcome = new CompletableFuture<>();
        ActorRef<CoordinatorCommand> coordinator = context.spawn(
                Coordinator.create(new CoordinatorParts(
                        setup.job(),
                        start.windows().sequence(),
                        start.windows().keepsCheckpoints(),
                        setup.ticket(),
                        assignment,
                        workers,
                        feeder,
                        FeedChoice.of(setup.job(), assignment, worker -> isHere(workers.get(worker))),
                        writer,
                        reporter,
                        setup.completedSteps(),
                        setup.checkpoint().map(found -> found.directory().toAbsolutePath()),
                        absolute(setup.directory().checkpoints()),
                        PROGRESS_TIMEOUT,
                        outputs,
                        site.transport().folder(setup.job().pipeline(), setup.ticket()),
                        leaving,
                        copies,
                        schedules,
                        outcome)),
                "coordinator" + suffix);
        return new Spawned(coordinator, outcome, others);
    }

    private CompletionStage<BatchFeeder.Links> connectFeeder(List<StageAddress> stages) {
        PipelineSpec pipeline = start.setup().job().pipeline();
        return site.transport()
                .feeding(pipeline, start.setup().ticket())
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
