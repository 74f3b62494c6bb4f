package io.ketju.tests.simulation;

import io.ketju.actors.message.RunTicket;
import io.ketju.actors.piece.FolderWays;
import io.ketju.actors.piece.PieceLink;
import io.ketju.actors.piece.PieceNews;
import io.ketju.actors.piece.PieceQueue;
import io.ketju.actors.piece.PieceSender;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.jspecify.annotations.Nullable;

/** The ways of a run's folder on the node that directs the run: one from every stage, and one to each that awaits what it starts from. */
final class NodeFolder implements FolderWays {
    private final NodeTransport transport;
    private final RunTicket ticket;
    private final PieceQueue queue = new PieceQueue();
    private final List<FileArrival> arrivals = new ArrayList<>();
    private final List<FileWay> sent = new ArrayList<>();

    /** @param kind of the files that come */
    NodeFolder(NodeTransport transport, RunTicket ticket, FileEdge.Kind kind, int stages) {
        this.transport = transport;
        this.ticket = ticket;
        for (int stage = 0; stage < stages; stage++) {
            FileEdge edge = new FileEdge(ticket, kind, stage);
            arrivals.add(new FileArrival(transport.node(), transport.wires().files(), edge, queue));
        }
    }

    @Override
    public InetSocketAddress address() {
        return transport.ownAddress();
    }

    @Override
    public PieceQueue arrivals() {
        return queue;
    }

    /** Who asks has a thread of its own: all others go on meanwhile. */
    @Override
    public @Nullable PieceNews next(Duration longest) {
        return transport.world().await(queue::poll, longest.toNanos());
    }

    @Override
    public boolean leadTo(ActorRef<?> stage) {
        return transport.world().nodeOf(Adapter.toClassic(stage).path()) != transport.node();
    }

    @Override
    public PieceSender sender() {
        return transport.pieces();
    }

    /** Open at once, as who asks waits for it on the thread of all. */
    @Override
    public CompletableFuture<PieceLink> open(int stage, InetSocketAddress to) {
        FileWay way = transport.openFiles(new FileEdge(ticket, FileEdge.Kind.STATE, stage), to);
        sent.add(way);
        return CompletableFuture.completedFuture(way);
    }

    @Override
    public void close() {
        sent.forEach(FileWay::close);
        sent.clear();
        arrivals.forEach(FileArrival::end);
    }

    /** Frees the buffers, whoever has them. */
    void free() {
        arrivals.forEach(FileArrival::close);
    }
}
