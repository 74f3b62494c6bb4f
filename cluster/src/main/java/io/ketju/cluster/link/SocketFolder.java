package io.ketju.cluster.link;

import io.ketju.actors.piece.FolderWays;
import io.ketju.actors.piece.PieceLink;
import io.ketju.actors.piece.PieceQueue;
import io.ketju.actors.piece.PieceSender;
import io.ketju.protocol.frame.EdgeId;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import org.apache.pekko.actor.typed.ActorRef;

/** The ways of a run's folder over the data plane: an edge from every stage for its shards, and one to each that awaits what it starts from. */
final class SocketFolder implements FolderWays {
    private final SocketTransport transport;
    private final EdgePlan edges;
    private final PieceSender sender;
    private final PieceQueue queue = new PieceQueue();
    private final SentEdges sent = new SentEdges();
    private final List<ArrivalEdge> arrivals = new ArrayList<>();

    /**
     * @param incoming the edge that brings the files of a stage
     * @param sender reads from its buffers until the transport is closed
     */
    SocketFolder(
            SocketTransport transport, EdgePlan edges, int stages, IntFunction<EdgeId> incoming, PieceSender sender) {
        this.transport = transport;
        this.edges = edges;
        this.sender = sender;
        for (int stage = 0; stage < stages; stage++) {
            EdgeId edge = incoming.apply(stage);
            ArrivalEdge arrival = ArrivalEdge.ofFiles(edge, stage, queue, transport.plane());
            arrivals.add(arrival);
            transport.plane().accept(edge, arrival);
        }
    }

    @Override
    public InetSocketAddress address() {
        return transport.plane().address();
    }

    @Override
    public PieceQueue arrivals() {
        return queue;
    }

    @Override
    public PieceSender sender() {
        return sender;
    }

    @Override
    public boolean leadTo(ActorRef<?> stage) {
        return !transport.reachesLocally(stage);
    }

    @Override
    public CompletableFuture<PieceLink> open(int stage, InetSocketAddress to) {
        return NettyPieces.open(transport.plane(), sent, edges.state(stage), Optional.of(to));
    }

    @Override
    public void close() {
        sent.release();
        sent.close();
        synchronized (arrivals) {
            arrivals.forEach(ArrivalEdge::end);
            arrivals.clear();
        }
    }
}
