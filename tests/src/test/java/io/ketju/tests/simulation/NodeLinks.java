package io.ketju.tests.simulation;

import io.ketju.actors.message.OutputAddress;
import io.ketju.actors.message.Route;
import io.ketju.actors.message.StageAddress;
import io.ketju.actors.message.StageCommand;
import io.ketju.actors.message.StageLink;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.actors.piece.PieceLink;
import io.ketju.actors.piece.PieceQueue;
import io.ketju.actors.stage.LocalLink;
import io.ketju.actors.transport.HostedLinks;
import io.ketju.pipeline.PipelineSpec;
import io.ketju.pipeline.stage.StagePorts;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.tensor.memory.TensorPool;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;

/** Both ends of the links of one placement on one node. */
final class NodeLinks implements HostedLinks {
    private final NodeTransport transport;
    private final WorkerCommand.PlaceStages placement;
    private final PipelineSpec pipeline;
    private final List<Outgoing> sent = new ArrayList<>();
    private final List<Arrival> arrivals = new ArrayList<>();
    private final List<FileWay> sentFiles = new ArrayList<>();
    private final List<FileArrival> files = new ArrayList<>();
    /** Of what stages start from, until it is here. */
    private final Map<Integer, FileArrival> states = new LinkedHashMap<>();

    NodeLinks(NodeTransport transport, WorkerCommand.PlaceStages placement) {
        this.transport = transport;
        this.placement = placement;
        this.pipeline = placement.pipeline();
    }

    @Override
    public void receive(int stage, ActorRef<StageCommand> actor) {
        StagePorts ports = StagePorts.all(pipeline).get(stage);
        if (!ports.fed().isEmpty()) {
            accept(StagePorts.FEEDER, stage, TensorKey.Kind.FED, actor);
        }
        ports.arriving().stream()
                .filter(port -> port.kind() != TensorKey.Kind.FED)
                .flatMap(port -> ports.senders(port.kind(), port.edge()).stream()
                        .map(from -> new Route(from, stage, port.kind())))
                .distinct()
                .filter(route -> !isHere(route.from()))
                .forEach(route -> accept(route.from(), stage, route.kind(), actor));
    }

    private void accept(int from, int stage, TensorKey.Kind kind, ActorRef<StageCommand> actor) {
        Edge edge = new Edge(placement.ticket(), from, stage, kind);
        TensorPool pool = new TensorPool("arrivals " + edge, Edge.largestBytes(pipeline), edge.buffers(pipeline));
        Arrival arrival = new Arrival(transport.world(), transport.node(), edge, actor, pool);
        arrivals.add(arrival);
        transport.wires().listen(edge, arrival);
    }

    @Override
    public CompletableFuture<StageLink> open(
            int from, ActorRef<StageCommand> sender, StageAddress to, TensorKey.Kind kind) {
        if (isHere(to.stage())) {
            return CompletableFuture.completedFuture(new LocalLink(to.actor(), to.stage()));
        }
        Edge edge = new Edge(placement.ticket(), from, to.stage(), kind);
        Outgoing opening = new Outgoing(
                transport.world(),
                transport.wires(),
                transport.node(),
                edge,
                cause -> sender.tell(new StageCommand.LinkLost(to.stage(), cause)));
        sent.add(opening);
        Node node = transport.world().nodeOf(Adapter.toClassic(to.actor()).path());
        return transport.open(opening, node, pipeline);
    }

    @Override
    public CompletableFuture<StageLink> openOutputs(int from, ActorRef<StageCommand> sender, OutputAddress to) {
        throw new IllegalStateException("simulated runs are of jobs, not of sessions");
    }

    @Override
    public boolean sharesFolder() {
        return transport.sharesFolder();
    }

    @Override
    public PieceQueue receiveState(int stage) {
        PieceQueue queue = new PieceQueue();
        states.put(stage, accept(FileEdge.Kind.STATE, stage, queue));
        return queue;
    }

    @Override
    public void endState(int stage) {
        FileArrival arrival = states.remove(stage);
        if (arrival != null) {
            arrival.end();
        }
    }

    @Override
    public PieceQueue receiveCopies(int stage) {
        PieceQueue queue = new PieceQueue();
        accept(FileEdge.Kind.COPY, stage, queue);
        return queue;
    }

    private FileArrival accept(FileEdge.Kind kind, int stage, PieceQueue queue) {
        FileArrival arrival = new FileArrival(
                transport.node(), transport.wires().files(), new FileEdge(placement.ticket(), kind, stage), queue);
        files.add(arrival);
        return arrival;
    }

    @Override
    public CompletableFuture<PieceLink> openFolder(int stage, InetSocketAddress folder) {
        return open(FileEdge.Kind.SHARD, stage, folder);
    }

    @Override
    public CompletableFuture<PieceLink> openCopies(int stage, StageAddress there) {
        return open(FileEdge.Kind.COPY, stage, there.data().orElseThrow());
    }

    private CompletableFuture<PieceLink> open(FileEdge.Kind kind, int stage, InetSocketAddress to) {
        FileWay way = transport.openFiles(new FileEdge(placement.ticket(), kind, stage), to);
        sentFiles.add(way);
        return way.opened();
    }

    @Override
    public void release() {
        files.forEach(FileArrival::release);
        sent.forEach(Outgoing::release);
        for (Arrival arrival : arrivals) {
            transport.wires().withdraw(arrival.edge(), arrival);
            arrival.release();
        }
    }

    @Override
    public CompletableFuture<Void> sent() {
        sent.forEach(Outgoing::close);
        sentFiles.forEach(FileWay::close);
        return CompletableFuture.allOf(sent.stream().map(Outgoing::ended).toArray(CompletableFuture[]::new));
    }

    @Override
    public CompletableFuture<Void> drained() {
        return CompletableFuture.allOf(Stream.concat(
                        arrivals.stream().map(Arrival::drained), files.stream().map(FileArrival::drained))
                .toArray(CompletableFuture[]::new));
    }

    @Override
    public void close() {
        arrivals.forEach(Arrival::close);
        arrivals.clear();
        files.forEach(FileArrival::close);
    }

    private boolean isHere(int stage) {
        return placement.assignment().workerOf(stage) == placement.worker();
    }
}
