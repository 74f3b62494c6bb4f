package io.ketju.cluster.link;

import io.ketju.actors.piece.PieceKey;
import io.ketju.actors.piece.PieceLink;
import io.ketju.protocol.dataplane.DataPlane;
import io.ketju.protocol.dataplane.OutboundEdge;
import io.ketju.protocol.frame.EdgeId;
import io.ketju.protocol.frame.FrameKey;
import io.ketju.tensor.memory.TensorLease;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A way of files into another JVM: a piece is a frame whose window is the file's number and whose micro-batch is the piece's. Its edge
 * index says whether it is the file's seal.
 */
final class NettyPieces implements PieceLink {
    /** Edge index of a seal; 0 is that of content. */
    static final int SEAL = 1;

    private final OutboundEdge edge;
    /** Why the connection has ended. */
    private final AtomicReference<@Nullable String> broken;

    private NettyPieces(OutboundEdge edge, AtomicReference<@Nullable String> broken) {
        this.edge = edge;
        this.broken = broken;
    }

    /** Connects to where the other end listens; a failure completes the future, nothing is thrown. */
    static CompletableFuture<PieceLink> open(
            DataPlane plane, SentEdges sent, EdgeId id, Optional<InetSocketAddress> to) {
        AtomicReference<@Nullable String> broken = new AtomicReference<>();
        SentEdges.Entry entry = sent.opening(broken::set);
        return EdgeConnector.connect(plane, to, id, entry).thenApply(edge -> {
            entry.opened(edge);
            return new NettyPieces(edge, broken);
        });
    }

    @Override
    public void send(PieceKey key, TensorLease lease) {
        edge.send(new FrameKey(key.file(), key.piece(), key.seal() ? SEAL : 0), lease);
    }

    @Override
    public void requireWhole() throws IOException {
        String cause = broken.get();
        if (cause != null) {
            throw new IOException(cause);
        }
    }

    @Override
    public void close() {
        edge.close();
    }
}
