package io.ketju.actors.worker;

import io.ketju.actors.message.StageAddress;
import io.ketju.protocol.dataplane.DataPlane;
import io.ketju.protocol.dataplane.EdgeListener;
import io.ketju.protocol.dataplane.OutboundEdge;
import io.ketju.protocol.frame.EdgeId;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Opens the sending end of an edge to a stage in another JVM. */
public final class EdgeConnector {
    private EdgeConnector() {}

    /**
     * Connects to where the stage listens; a failure completes the future, nothing is thrown.
     *
     * @param listener hears of the end of an edge that was opened
     */
    public static CompletableFuture<OutboundEdge> connect(
            Optional<DataPlane> plane, StageAddress to, EdgeId edge, EdgeListener listener) {
        if (plane.isEmpty() || to.data().isEmpty()) {
            return CompletableFuture.failedFuture(
                    new IllegalStateException("no data plane between the two ends of " + edge));
        }
        InetSocketAddress address = to.data().get();
        try {
            return plane.get().connect(address, edge, listener).toCompletableFuture();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
