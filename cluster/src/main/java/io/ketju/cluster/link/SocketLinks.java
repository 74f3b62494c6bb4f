package io.ketju.cluster.link;

import io.ketju.actors.message.OutputAddress;
import io.ketju.actors.message.Route;
import io.ketju.actors.message.StageAddress;
import io.ketju.actors.message.StageCommand;
import io.ketju.actors.message.StageLink;
import io.ketju.actors.message.WorkerCommand;
import io.ketju.actors.piece.PieceLink;
import io.ketju.actors.piece.PieceQueue;
import io.ketju.actors.stage.LocalLink;
import io.ketju.actors.stage.OutputLink;
import io.ketju.actors.transport.HostedLinks;
import io.ketju.pipeline.stage.StagePorts;
import io.ketju.pipeline.stage.TensorKey;
import io.ketju.protocol.frame.EdgeId;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;

/** The links of the stages of one placement: by reference to those on the same worker, by sockets to all others. */
final class SocketLinks implements HostedLinks {
    private final SocketTransport transport;
    private final WorkerCommand.PlaceStages placement;
    private final EdgePlan edges;
    private final SentEdges sent = new SentEdges();
    private final List<ArrivalEdge> arrivals = new ArrayList<>();
    /** Of files that stages start from, by stage, until they have come. */
    private final Map<Integer, ArrivalEdge> states = new HashMap<>();

    SocketLinks(SocketTransport transport, WorkerCommand.PlaceStages placement) {
        this.transport = transport;
        this.placement = placement;
        this.edges = new EdgePlan(placement.pipeline(), placement.ticket());
    }

    @Override
    public void receive(int stage, ActorRef<StageCommand> actor) {
        StagePorts ports = edges.ports(stage);
        if (!ports.fed().isEmpty() && !isFedLocally()) {
            accept(edges.id(EdgeId.FEEDER, stage, TensorKey.Kind.FED), actor);
        }
        ports.arriving().stream()
                .filter(port -> port.kind() != TensorKey.Kind.FED)
                .flatMap(port -> ports.senders(port.kind(), port.edge()).stream()
                        .map(from -> new Route(from, stage, port.kind())))
                .distinct()
                .filter(route -> !isLocal(route.from()))
                .forEach(route -> accept(edges.id(route.from(), stage, route.kind()), actor));
    }

    @Override
    public CompletableFuture<StageLink> open(
            int from, ActorRef<StageCommand> sender, StageAddress to, TensorKey.Kind kind) {
        if (isLocal(to.stage())) {
            return CompletableFuture.completedFuture(new LocalLink(to.actor(), to.stage()));
        }
        return open(edges.id(from, to.stage(), kind), sender, to.data());
    }

    @Override
    public CompletableFuture<StageLink> openOutputs(int from, ActorRef<StageCommand> sender, OutputAddress to) {
        if (transport.reachesLocally(to.receiver())) {
            return CompletableFuture.completedFuture(new OutputLink(to.receiver()));
        }
        return open(edges.id(from, EdgeId.FEEDER, TensorKey.Kind.OUTPUT), sender, to.data());
    }

    private CompletableFuture<StageLink> open(
            EdgeId id, ActorRef<StageCommand> sender, Optional<InetSocketAddress> to) {
        SentEdges.Entry entry = sent.opening(cause -> sender.tell(new StageCommand.LinkLost(id.toStage(), cause)));
        return EdgeConnector.connect(transport.plane(), to, id, entry).thenApply(edge -> {
            entry.opened(edge);
            return new NettyLink(edge);
        });
    }

    @Override
    public boolean sharesFolder() {
        return transport.reachesLocally(placement.coordinator());
    }

    @Override
    public PieceQueue receiveState(int stage) {
        PieceQueue queue = new PieceQueue();
        ArrivalEdge arrival = acceptFiles(edges.state(stage), stage, queue);
        synchronized (this) {
            states.put(stage, arrival);
        }
        return queue;
    }

    @Override
    public PieceQueue receiveCopies(int stage) {
        PieceQueue queue = new PieceQueue();
        acceptFiles(edges.copies(stage), stage, queue);
        return queue;
    }

    @Override
    public CompletableFuture<PieceLink> openCopies(int stage, StageAddress there) {
        return NettyPieces.open(transport.plane(), sent, edges.copies(stage), there.data());
    }

    private ArrivalEdge acceptFiles(EdgeId edge, int stage, PieceQueue queue) {
        ArrivalEdge arrival = ArrivalEdge.ofFiles(edge, stage, queue, transport.plane());
        synchronized (this) {
            arrivals.add(arrival);
        }
        transport.plane().accept(edge, arrival);
        return arrival;
    }

    @Override
    public void endState(int stage) {
        ArrivalEdge arrival;
        synchronized (this) {
            arrival = states.remove(stage);
        }
        if (arrival != null) {
            arrival.end();
        }
    }

    @Override
    public CompletableFuture<PieceLink> openFolder(int stage, InetSocketAddress folder) {
        return NettyPieces.open(transport.plane(), sent, edges.shards(stage), Optional.of(folder));
    }

    @Override
    public void release() {
        sent.release();
        arrivals().forEach(ArrivalEdge::release);
    }

    @Override
    public CompletableFuture<Void> sent() {
        return sent.ended();
    }

    @Override
    public CompletableFuture<Void> drained() {
        return CompletableFuture.allOf(
                arrivals().stream().map(ArrivalEdge::drained).toArray(CompletableFuture[]::new));
    }

    @Override
    public synchronized void close() {
        arrivals.forEach(ArrivalEdge::close);
        arrivals.clear();
    }

    private void accept(EdgeId edge, ActorRef<StageCommand> actor) {
        ArrivalEdge arrival = ArrivalEdge.toStage(edge, actor, transport.plane(), edges.size(edge));
        synchronized (this) {
            arrivals.add(arrival);
        }
        transport.plane().accept(edge, arrival);
    }

    /** A copy. */
    private synchronized List<ArrivalEdge> arrivals() {
        return List.copyOf(arrivals);
    }

    /** Whether the feeder is in this JVM: on this worker, or beside the coordinator. */
    private boolean isFedLocally() {
        boolean here = transport.local() && placement.feeds().isPresent();
        return here || transport.reachesLocally(placement.coordinator());
    }

    private boolean isLocal(int stage) {
        return transport.local() && placement.assignment().workerOf(stage) == placement.worker();
    }
}
