package io.ketju.protocol.dataplane;

import io.ketju.protocol.frame.FrameKey;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.memory.TensorLease;
import java.util.Optional;

/**
 * The receiving end of an edge. {@link #credits} and {@link #maxPayloadBytes} are asked once, at registration; the
 * others are called on a thread that moves bytes, or on whichever thread looks into shared memory ({@link DataPlane#idlePoll}), never
 * two at once for one connection, and must return at once.
 */
public interface InboundEdge {
    /** {@return the most tensors that this edge holds at once, 1 or more} */
    int credits();

    /** {@return the size of the largest tensor that may come, in bytes; a larger one ends the connection} */
    long maxPayloadBytes();

    /**
     * Memory for a tensor whose first bytes are here. What this throws ends the connection.
     *
     * @param dtype of its elements
     * @param shape at most {@link #maxPayloadBytes} large
     * @return a lease of a tensor of exactly {@code shape.bytes()}; the data plane owns it until {@link #arrived}, and closes it if the
     *     rest does not come. Whoever closes it, the receiver tells {@link DataPlane#creditReturned} of it once
     */
    TensorLease lease(DType dtype, Shape shape);

    /**
     * A whole tensor is here; over a connection its checksum was right. What this throws ends the connection.
     *
     * @param key as the sender gave it
     * @param lease the one of {@link #lease}, filled; the receiver's from now on, also if this throws
     */
    void arrived(FrameKey key, TensorLease lease);

    /**
     * The connection has ended; nothing more arrives from it. Called once per connection that got through its
     * handshake; the sender may connect again.
     *
     * @param cause empty after an orderly end, else a {@link DataPlaneException}
     */
    void closed(Optional<Throwable> cause);
}
