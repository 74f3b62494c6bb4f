package io.ketju.actors.worker;

import io.ketju.actors.checkpoint.CheckpointReader;
import io.ketju.actors.checkpoint.CheckpointWriter;
import io.ketju.actors.coordinator.Coordinator;
import io.ketju.actors.job.PlannedMemory;
import io.ketju.actors.stage.LocalLink;
import io.ketju.actors.stage.NettyLink;
import io.ketju.actors.stage.StageActor;
import io.ketju.actors.stage.StageLink;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.stage.StageCompute;
import io.ketju.pipeline.stage.StageMachine;
import io.ketju.pipeline.stage.StagePosition;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.protocol.dataplane.DataPlane;
import io.ketju.protocol.frame.EdgeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;

/**
 * The stages that one worker holds during one start of one run: their memory, their actors, the ends of their edges.
 * Owned by a {@link WorkerNode} and used from its thread alone.
 */
final class HostedStages {
    /** Longest wait for sockets to let go of buffers; longer than the data plane gives a closing connection. */
    private static final long END_TIMEOUT_SECONDS = 10;

    /** What a worker shares among all runs. */
    record Host(WorkerResources resources, ActorRef<CheckpointWriter.Command> writer, Spawner spawner) {}

    /** Starts a child actor for a stage. */
    @FunctionalInterface
    interface Spawner {
        ActorRef<StageActor.Command> spawn(Behavior<StageActor.Command> behavior, int stage);
    }

    private final Host host;
    private final WorkerNode.PlaceStages placement;
    private final EdgePlan edges;
    private final HostedMemory memory = new HostedMemory();
    private final SentEdges sent = new SentEdges();
    private final Map<Integer, ActorRef<StageActor.Command>> actors = new TreeMap<>();
    private final List<StageAddress> addresses = new ArrayList<>();

    /** Builds all stages of this worker, if they fit its machine; on failure everything that was built is given back. */
    HostedStages(Host host, WorkerNode.PlaceStages placement) {
        PlannedMemory.requireRoom(placement.pipeline(), placement.assignment().stagesOf(placement.worker()));
        this.host = host;
        this.placement = placement;
        this.edges = new EdgePlan(placement.pipeline(), placement.ticket());
        host.resources().holds(memory);
        try {
            for (int stage : placement.assignment().stagesOf(placement.worker())) {
                place(stage);
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            // Nobody knows these stages yet: nothing computes and nothing arrives.
            release();
            stopActors();
            free();
            throw e;
        }
    }

    /** All stages that were placed here. */
    List<StageAddress> addresses() {
        return List.copyOf(addresses);
    }

    /** The stages whose actors live. */
    Map<Integer, ActorRef<StageActor.Command>> actors() {
        return Map.copyOf(actors);
    }

    /** A stage's actor has ended. */
    void ended(int stage) {
        actors.remove(stage);
    }

    RunTicket ticket() {
        return placement.ticket();
    }

    ActorRef<Coordinator.Command> coordinator() {
        return placement.coordinator();
    }

    String run() {
        return placement.run();
    }

    int worker() {
        return placement.worker();
    }

    /** Opens the ways to all neighbours; completes when every one of them answered. */
    CompletableFuture<Void> connect(List<StageAddress> all) {
        List<CompletableFuture<Void>> opened = new ArrayList<>();
        int last = placement.pipeline().stages() - 1;
        actors.forEach((stage, actor) -> {
            CompletableFuture<Optional<StageLink>> previous = stage == 0
                    ? CompletableFuture.completedFuture(Optional.empty())
                    : link(actor, stage, all.get(stage - 1), TensorKey.Kind.GRADIENT);
            CompletableFuture<Optional<StageLink>> next = stage == last
                    ? CompletableFuture.completedFuture(Optional.empty())
                    : link(actor, stage, all.get(stage + 1), TensorKey.Kind.ACTIVATION);
            opened.add(previous.thenAcceptBoth(
                    next,
                    (before, after) ->
                            actor.tell(new StageActor.ConnectLinks(before.orElse(null), after.orElse(null)))));
        });
        return CompletableFuture.allOf(opened.toArray(CompletableFuture[]::new));
    }

    /** From now on connections that close are no failures, and nothing more arrives. */
    void release() {
        sent.release();
        memory.arrivals().forEach(ArrivalEdge::release);
    }

    /**
     * Ends what is left of the run here; no stage computes or sends any more. Completes when all memory is free. If the
     * sockets do not let go of theirs in time this fails, and that memory is freed with the worker.
     */
    CompletableFuture<Void> end() {
        stopActors();
        return sent.ended()
                .thenRun(memory::closeStages)
                .thenCompose(ignored -> memory.drained())
                .thenRun(this::free)
                .orTimeout(END_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    }

    private void free() {
        memory.close();
        host.resources().freed(memory);
    }

    private void stopActors() {
        actors.values().forEach(actor -> actor.tell(new StageActor.Stop()));
    }

    private void place(int stage) {
        PipelineSpec spec = placement.pipeline();
        StageCompute compute = new StageCompute(spec, stage, host.resources().core());
        memory.add(compute);
        placement.checkpoint().ifPresent(directory -> CheckpointReader.load(directory, compute.tensors()));
        StageMachine machine = new StageMachine(
                new StagePosition(stage, spec.stages()),
                placement.ticket().incarnation(),
                spec.schedule(),
                compute.plan().activationBuffers());
        ActorRef<StageActor.Command> actor = host.spawner()
                .spawn(
                        StageActor.create(new StageActor.Parts(
                                stage,
                                placement.ticket().incarnation(),
                                machine,
                                compute,
                                host.resources().core(),
                                host.writer(),
                                placement.coordinator())),
                        stage);
        actors.put(stage, actor);
        addresses.add(new StageAddress(
                stage, placement.worker(), actor, host.resources().plane().map(DataPlane::address)));
        accept(stage, actor);
    }

    /** Registers the ends of all edges that come from other JVMs, before anybody is told where they are. */
    private void accept(int stage, ActorRef<StageActor.Command> actor) {
        int last = placement.pipeline().stages() - 1;
        if (stage == 0 && !reachesLocally(placement.coordinator())) {
            accept(edges.id(EdgeId.FEEDER, 0, TensorKey.Kind.INPUT), actor);
        }
        if (stage == last && !reachesLocally(placement.coordinator())) {
            accept(edges.id(EdgeId.FEEDER, last, TensorKey.Kind.TARGET), actor);
        }
        if (stage > 0 && !isLocal(stage - 1)) {
            accept(edges.id(stage - 1, stage, TensorKey.Kind.ACTIVATION), actor);
        }
        if (stage < last && !isLocal(stage + 1)) {
            accept(edges.id(stage + 1, stage, TensorKey.Kind.GRADIENT), actor);
        }
    }

    private void accept(EdgeId edge, ActorRef<StageActor.Command> actor) {
        DataPlane plane = host.resources()
                .plane()
                .orElseThrow(() -> new IllegalStateException("no data plane to receive " + edge));
        ArrivalEdge arrival = new ArrivalEdge(edge, actor, plane, edges.size(edge));
        memory.add(arrival);
        plane.accept(edge, arrival);
    }

    private CompletableFuture<Optional<StageLink>> link(
            ActorRef<StageActor.Command> sender, int from, StageAddress to, TensorKey.Kind kind) {
        if (isLocal(to.stage())) {
            return CompletableFuture.completedFuture(Optional.of(new LocalLink(to.actor())));
        }
        SentEdges.Entry entry = sent.opening(cause -> sender.tell(new StageActor.LinkLost(to.stage(), cause)));
        return EdgeConnector.connect(host.resources().plane(), to, edges.id(from, to.stage(), kind), entry)
                .thenApply(edge -> {
                    entry.opened(edge);
                    return Optional.<StageLink>of(new NettyLink(edge));
                });
    }

    private boolean isLocal(int stage) {
        return host.resources().linkMode() == LinkMode.LOCAL_WHERE_POSSIBLE
                && placement.assignment().workerOf(stage) == placement.worker();
    }

    private boolean reachesLocally(ActorRef<?> actor) {
        return host.resources().linkMode() == LinkMode.LOCAL_WHERE_POSSIBLE
                && actor.path().address().hasLocalScope();
    }
}
