package io.ketju.protocol.dataplane;

import io.ketju.protocol.frame.EdgeId;
import io.ketju.protocol.frame.FrameException;
import io.ketju.protocol.frame.FrameHeader.TensorHeader;
import io.ketju.tensor.memory.TensorLease;
import org.jspecify.annotations.Nullable;

/**
 * An edge that this node receives, over all its connections. The credits belong to the edge and not to the connection:
 * what the receiver still holds from a connection that broke counts against the next one. Thread-safe.
 */
final class InboundRegistration {
    /** What the sender is told when it is taken. */
    record Terms(int credits, int window, long maxPayloadBytes) {}

    private final EdgeId id;
    private final InboundEdge receiver;
    private final CreditWindow window;
    private final long maxPayloadBytes;
    private @Nullable InboundSession session;

    InboundRegistration(EdgeId id, InboundEdge receiver, long limit) {
        this.id = id;
        this.receiver = receiver;
        this.window = new CreditWindow(receiver.credits());
        this.maxPayloadBytes = Math.min(limit, receiver.maxPayloadBytes());
    }

    EdgeId id() {
        return id;
    }

    InboundEdge receiver() {
        return receiver;
    }

    long maxPayloadBytes() {
        return maxPayloadBytes;
    }

    /** Makes this the edge's connection, or says no because it has one. */
    synchronized @Nullable Terms attach(InboundSession candidate) {
        if (session != null) {
            return null;
        }
        session = candidate;
        return new Terms(window.available(), window.size(), maxPayloadBytes);
    }

    synchronized void detach(InboundSession former) {
        if (session == former) {
            session = null;
        }
    }

    synchronized @Nullable InboundSession session() {
        return session;
    }

    /** Throws {@link FrameException} for a tensor that this edge does not take: memory is not even asked for. */
    void admit(TensorHeader tensor) {
        if (!tensor.edge().equals(id)) {
            throw new FrameException(FrameException.Reason.UNEXPECTED, "a frame of the edge " + tensor.edge());
        }
        if (tensor.payloadBytes() > maxPayloadBytes) {
            throw new FrameException(
                    FrameException.Reason.LENGTH,
                    "a tensor of this edge has at most " + maxPayloadBytes + " bytes, the header promises "
                            + tensor.payloadBytes() + " for " + tensor.shape());
        }
        if (!hasCredit()) {
            throw new FrameException(FrameException.Reason.UNEXPECTED, "a tensor without credit");
        }
    }

    /** Memory of the receiver for a tensor that was admitted, against one credit. */
    TensorLease lease(TensorHeader tensor) {
        take();
        try {
            return receiver.lease(tensor.dtype(), tensor.shape());
        } catch (RuntimeException e) {
            untake();
            throw e;
        }
    }

    private synchronized boolean hasCredit() {
        return window.available() > 0;
    }

    private synchronized void take() {
        if (!window.tryTake()) {
            throw new IllegalStateException("no credit left on " + id);
        }
    }

    /** Credits for a lease that never came to be: the sender does not hear of them. */
    private synchronized void untake() {
        window.give(1);
    }

    synchronized void giveBack(int count) {
        window.give(count);
        InboundSession current = session;
        if (current != null) {
            current.freed(count);
        }
    }
}
