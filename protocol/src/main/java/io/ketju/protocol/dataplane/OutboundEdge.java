package io.ketju.protocol.dataplane;

import io.ketju.protocol.frame.EdgeId;
import io.ketju.protocol.frame.FrameKey;
import io.ketju.tensor.memory.TensorLease;

/** The sending end of an edge. All methods may be called from any thread and return at once. */
public interface OutboundEdge extends AutoCloseable {
    /** {@return which edge it is} */
    EdgeId id();

    /** {@return what brings tensors to the other side: {@code shared memory} or {@code sockets}} */
    String carrier();

    /**
     * Sends one tensor, after those sent before; without credit it waits in a bounded queue. On an edge that has ended it is dropped:
     * the {@link EdgeListener} knows why. One that is larger than the receiver takes ends the edge.
     *
     * @param key which tensor it is; told to the receiver as it is
     * @param lease of the tensor; taken, and closed once its bytes are with the kernel or in shared memory, or will never be
     * @throws IllegalStateException if the queue is full; the lease stays with the caller
     */
    void send(FrameKey key, TensorLease lease);

    /**
     * Ends the edge. Tensors already given to the socket still go out, those waiting for credit do not; all their
     * leases are closed. The listener hears of it. A second call does nothing.
     */
    @Override
    void close();
}
