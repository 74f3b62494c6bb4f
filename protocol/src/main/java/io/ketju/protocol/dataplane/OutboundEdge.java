package io.ketju.protocol.dataplane;

import io.ketju.protocol.frame.EdgeId;
import io.ketju.protocol.frame.FrameKey;
import io.ketju.tensor.memory.TensorLease;

/** The sending end of an edge. All methods may be called from any thread and return at once. */
public interface OutboundEdge extends AutoCloseable {
    EdgeId id();

    /** What brings tensors to the other side: {@code shared memory} or {@code sockets}. */
    String carrier();

    /**
     * Sends one tensor, after those sent before; without credit it waits in a bounded queue. Takes the lease and closes
     * it once its bytes are with the kernel or in shared memory, or will never be. On an edge that has ended the lease is closed at once
     * and the tensor dropped: the {@link EdgeListener} knows why. When the queue is full this throws
     * {@link IllegalStateException} and the lease stays with the caller.
     */
    void send(FrameKey key, TensorLease lease);

    /**
     * Ends the edge. Tensors already given to the socket still go out, those waiting for credit do not; all their
     * leases are closed. The listener hears of it. A second call does nothing.
     */
    @Override
    void close();
}
