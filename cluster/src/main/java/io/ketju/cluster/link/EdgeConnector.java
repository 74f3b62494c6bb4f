package io.ketju.cluster.link;

import io.ketju.actors.message.StageAddress;
import io.ketju.protocol.dataplane.DataPlane;
import io.ketju.protocol.dataplane.EdgeListener;
import io.ketju.protocol.dataplane.OutboundEdge;
import io.ketju.protocol.frame.EdgeId;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;

/** Opens the sending end of an edge to a stage in another JVM. */
final class EdgeConnector {
    private EdgeConnector() {}

    /**
     * Connects to where the stage listens; a failure completes the future, nothing is thrown.
     *
     * @param listener hears of the end of an edge that was opened
     */
    static CompletableFuture<OutboundEdge> connect(
            DataPlane plane, StageAddress to, EdgeId edge, EdgeListener listener) {
        if (to.data().isEmpty()) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("no data plane at the other end of " + edge));
        }
        InetSocketAddress address = to.data().get();
        try {
            return plane.connect(address, edge, listener).toCompletableFuture();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
