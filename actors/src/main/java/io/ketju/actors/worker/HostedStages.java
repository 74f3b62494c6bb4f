package io.ketju.actors.worker;

import io.ketju.actors.checkpoint.CheckpointWriter;
import io.ketju.actors.copy.CopyKeeper;
import io.ketju.actors.feed.MicrobatchBuffers;
import io.ketju.actors.job.PlannedMemory;
import io.ketju.actors.message.FeederCommand;
import io.ketju.actors.message.FeederReport;
import io.ketju.actors.message.Route;
import io.ketju.actors.message.StageAddress;
import io.ketju.actors.message.StageCommand;
import io.ketju.actors.message.StageLink;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.actors.piece.PieceLink;
import io.ketju.actors.stage.StageActor;
import io.ketju.actors.stage.StageParts;
import io.ketju.actors.stage.StageTrace;
import io.ketju.actors.trace.HostedTrace;
import io.ketju.actors.transport.HostedLinks;
import io.ketju.pipeline.stage.StageCompute;
import io.ketju.pipeline.stage.StageMachine;
import io.ketju.pipeline.stage.StagePorts;
import io.ketju.pipeline.stage.TensorKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;

/**
 * The stages that one worker holds during one start of one run: their memory, their actors, their links; and the
 * run's feeder, where the data can be read here.
 * Owned by a {@link WorkerNode} and used from its thread alone.
 */
final class HostedStages {
    /** Longest wait for sockets to let go of buffers; longer than the data plane gives a closing connection. */
    private static final long END_TIMEOUT_SECONDS = 10;

    /** What a worker shares among all runs. */
    record Host(
            WorkerResources resources,
            ActorRef<CheckpointWriter.Command> writer,
            ActorRef<CopyKeeper.Command> keeper,
            Spawner spawner,
            Function<Behavior<FeederCommand>, ActorRef<FeederCommand>> feederSpawner) {}

    /** Starts a child actor for a rank. */
    @FunctionalInterface
    interface Spawner {
        ActorRef<StageCommand> spawn(Behavior<StageCommand> behavior, int rank);
    }

    /** Ways that are open. */
    private record Ways(Map<Route, StageLink> stages, Map<Integer, PieceLink> folder) {}

    private final Host host;
    private final WorkerCommand.PlaceStages placement;
    private final List<StagePorts> ports;
    private final HostedLinks links;
    private final HostedMemory memory;
    private final HostedState state;
    private final HostedCopies copies;
    private final HostedTrace trace;
    /** By rank. */
    private final Map<Integer, ActorRef<StageCommand>> actors = new TreeMap<>();

    private final List<StageAddress> addresses = new ArrayList<>();
    private final Optional<ActorRef<FeederCommand>> feeder;

    /** Builds all stages of this worker, if they fit its machine; on failure everything that was built is given back. */
    HostedStages(Host host, WorkerCommand.PlaceStages asked) {
        PlannedMemory.requireRoom(asked.pipeline(), asked.assignment().stagesOf(asked.worker()), asked.copies());
        Optional<MicrobatchBuffers> samples =
                HostedFeeding.samples(asked, host.resources().roots());
        this.host = host;
        this.placement = samples.isPresent() ? asked : asked.withoutFeeding();
        this.ports = StagePorts.all(placement.pipeline());
        this.links = host.resources().transport().hosted(placement);
        this.memory = new HostedMemory(links, samples);
        this.state = new HostedState(host.resources(), placement, links);
        this.copies = new HostedCopies(host.resources(), placement, links, host.keeper());
        this.trace = new HostedTrace(
                host.resources().traces(), placement.worker(), host.resources().actions());
        host.resources().holds(memory);
        try {
            copies.receive();
            for (int rank : placement.assignment().ranksOf(placement.worker())) {
                place(rank);
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            // Nobody knows these stages yet: nothing computes and nothing arrives.
            release();
            stopActors();
            free();
            throw e;
        }
        this.feeder = samples.map(found -> host.feederSpawner()
                .apply(HostedFeeding.feeder(found, placement, host.resources().transport())));
    }

    /** The run's feeder, if it is here. */
    Optional<ActorRef<FeederCommand>> feeder() {
        return feeder;
    }

    /** Has the feeder end; whoever spawned it hears of that. */
    void stopFeeder(ActorRef<FeederReport> replyTo) {
        feeder.ifPresent(actor -> actor.tell(new FeederCommand.Stop(replyTo)));
    }

    /** All stages that were placed here. */
    List<StageAddress> addresses() {
        return List.copyOf(addresses);
    }

    /** Opens the ways to all neighbours; completes when every one of them answered, and the stages have what they start from. */
    CompletableFuture<Void> connect(WorkerCommand.ConnectStages to) {
        List<CompletableFuture<Void>> opened = new ArrayList<>();
        actors.forEach((rank, actor) -> opened.add(connect(rank, actor, to)));
        opened.add(state.loaded(to.folder().isPresent()));
        return CompletableFuture.allOf(opened.toArray(CompletableFuture[]::new));
    }

    private CompletableFuture<Void> connect(int rank, ActorRef<StageCommand> actor, WorkerCommand.ConnectStages to) {
        Map<Route, CompletableFuture<StageLink>> opening = new HashMap<>();
        Map<Integer, CompletableFuture<PieceLink>> folder = new HashMap<>();
        for (int stage : stagesOf(rank)) {
            StagePorts from = ports.get(stage);
            for (StagePorts.Port port : from.leaving()) {
                for (int receiver : from.receivers(port.kind(), port.edge())) {
                    Route route = new Route(stage, receiver, port.kind());
                    if (!opening.containsKey(route)) {
                        opening.put(route, links.open(stage, actor, to.stages().get(route.to()), route.kind()));
                    }
                }
            }
            to.outputs()
                    .filter(wanted -> !from.predicting().outputs().isEmpty())
                    .ifPresent(wanted -> {
                        Route route = new Route(stage, StagePorts.FEEDER, TensorKey.Kind.OUTPUT);
                        opening.put(route, links.openOutputs(stage, actor, wanted));
                    });
            to.folder()
                    .filter(address ->
                            !links.sharesFolder() && placement.pipeline().keeps(stage))
                    .ifPresent(address -> folder.put(stage, links.openFolder(stage, address)));
        }
        return OpenedLinks.all(opening)
                .thenCombine(OpenedLinks.all(folder), Ways::new)
                .thenCombine(
                        copies.open(stagesOf(rank), to.stages()),
                        (ways, kept) -> new StageCommand.ConnectLinks(ways.stages(), ways.folder(), kept))
                .thenAccept(actor::tell);
    }

    /** From now on connections that close are no failures, and nothing more arrives. */
    void release() {
        links.release();
        state.release();
        copies.release();
    }

    /** Has one rank let go. */
    void release(int rank, String reason, ActorRef<StageCommand.Released> replyTo) {
        Objects.requireNonNull(actors.get(rank)).tell(new StageCommand.Release(reason, replyTo));
    }

    /**
     * Ends what is left of the run here; no stage computes or sends any more. Completes when all memory is free. If the
     * sockets do not let go of theirs in time this fails, and that memory is freed with the worker.
     */
    CompletableFuture<Void> end() {
        stopActors();
        trace.write();
        return links.sent()
                .thenRun(memory::closeStages)
                .thenCompose(ignored -> links.drained())
                .thenCompose(ignored -> memory.samplesBack())
                .thenRun(this::free)
                .orTimeout(END_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    private void free() {
        copies.keep();
        memory.close();
        host.resources().freed(memory);
    }

    private void stopActors() {
        actors.values().forEach(actor -> actor.tell(new StageCommand.Stop()));
    }

    private List<Integer> stagesOf(int rank) {
        return placement.pipeline().placement().stagesOf(rank);
    }

    private void place(int rank) {
        List<StageCompute> computes = new ArrayList<>();
        for (int stage : stagesOf(rank)) {
            StageCompute compute = new StageCompute(
                    placement.pipeline(), stage, host.resources().core());
            memory.add(compute);
            if (placement.copies()) {
                compute.keepCopies();
            }
            state.load(stage, compute);
            computes.add(compute);
        }
        int incarnation = placement.ticket().incarnation();
        StageMachine machine = StageMachine.of(
                placement.pipeline(),
                rank,
                incarnation,
                computes.stream().map(StageCompute::ofMachine).toList());
        StageParts parts = new StageParts(
                rank, incarnation, machine, computes, host.resources().core(), host.writer(), placement.coordinator());
        StageTrace traced =
                trace.ofRank(rank, computes.stream().map(StageCompute::ports).toList());
        ActorRef<StageCommand> actor = host.spawner().spawn(StageActor.create(parts, traced), rank);
        actors.put(rank, actor);
        for (int stage : stagesOf(rank)) {
            addresses.add(new StageAddress(
                    stage,
                    placement.worker(),
                    actor,
                    host.resources().transport().address()));
            links.receive(stage, actor);
        }
    }
}
