package io.ketju.cluster.link;

import io.ketju.protocol.dataplane.DataPlane;
import io.ketju.protocol.dataplane.EdgeListener;
import io.ketju.protocol.dataplane.OutboundEdge;
import io.ketju.protocol.frame.EdgeId;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Opens the sending end of an edge to another JVM. */
final class EdgeConnector {
    private EdgeConnector() {}

    /**
     * Connects to where the other end listens; a failure completes the future, nothing is thrown.
     *
     * @param listener hears of the end of an edge that was opened
     */
    static CompletableFuture<OutboundEdge> connect(
            DataPlane plane, Optional<InetSocketAddress> to, EdgeId edge, EdgeListener listener) {
        if (to.isEmpty()) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("no data plane at the other end of " + edge));
        }
        try {
            return plane.connect(to.get(), edge, listener).toCompletableFuture();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
