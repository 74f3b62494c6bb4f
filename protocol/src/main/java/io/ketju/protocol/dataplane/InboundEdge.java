package io.ketju.protocol.dataplane;

import io.ketju.protocol.frame.FrameKey;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.memory.TensorLease;
import java.util.Optional;

/**
 * The receiving end of an edge. {@link #credits} and {@link #maxPayloadBytes} are asked once, at registration; the
 * others are called on a thread that moves bytes and must return at once.
 */
public interface InboundEdge {
    /** Most tensors that this edge holds at once, 1 or more. */
    int credits();

    /** Largest tensor that may come, in bytes. */
    long maxPayloadBytes();

    /**
     * Memory for a tensor whose first bytes are here. The data plane owns the lease until {@link #arrived}, and closes
     * it if the rest does not come. Every lease that is closed, by whomever, is reported once to
     * {@link DataPlane#creditReturned}. What this throws ends the connection.
     */
    TensorLease lease(DType dtype, Shape shape);

    /** A whole tensor with the right checksum; the lease is the receiver's, also if this throws. */
    void arrived(FrameKey key, TensorLease lease);

    /**
     * The connection has ended; nothing more arrives from it. Called once per connection that got through its
     * handshake; the sender may connect again. Empty after an orderly end.
     */
    void closed(Optional<Throwable> cause);
}
