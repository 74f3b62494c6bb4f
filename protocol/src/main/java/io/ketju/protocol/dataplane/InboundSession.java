package io.ketju.protocol.dataplane;

import com.google.protobuf.InvalidProtocolBufferException;
import io.ketju.protocol.dataplane.DataPlaneException.Reason;
import io.ketju.protocol.dataplane.InboundRegistration.Terms;
import io.ketju.protocol.dataplane.message.Credit;
import io.ketju.protocol.dataplane.message.Hello;
import io.ketju.protocol.dataplane.message.Welcome;
import io.ketju.protocol.frame.EdgeId;
import io.ketju.protocol.frame.FrameException;
import io.ketju.protocol.frame.FrameHeader;
import io.ketju.protocol.frame.FrameHeader.MessageHeader;
import io.ketju.protocol.frame.FrameHeader.TensorHeader;
import io.ketju.protocol.frame.FrameKind;
import io.ketju.tensor.memory.TensorLease;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The receiving side of one connection: a handshake, then tensors, each checked before memory is taken for it. */
final class InboundSession implements Session {
    private static final Logger LOG = LoggerFactory.getLogger(InboundSession.class);

    private final InboundRegistry registry;
    private final AtomicInteger freed = new AtomicInteger();
    private @Nullable FrameChannel channel;
    private @Nullable InboundRegistration registration;
    /** Of the tensor whose bytes are coming in. */
    private @Nullable TensorLease lease;

    InboundSession(InboundRegistry registry) {
        this.registry = registry;
    }

    @Override
    public EdgeId edge() {
        InboundRegistration current = registration;
        return current == null ? EdgeId.NONE : current.id();
    }

    @Override
    public void opened(FrameChannel opened) {
        channel = opened;
    }

    @Override
    public void header(FrameHeader header) {
        InboundRegistration current = registration;
        FrameKind kind = header.kind();
        if (current == null) {
            if (kind != FrameKind.HELLO && kind != FrameKind.GOODBYE) {
                throw unexpected("the first frame is HELLO, found " + kind);
            }
            return;
        }
        if (!header.edge().equals(current.id())) {
            throw unexpected("a frame of the edge " + header.edge());
        }
        if (header instanceof TensorHeader tensor) {
            admit(current, tensor);
        } else if (kind != FrameKind.HEARTBEAT && kind != FrameKind.GOODBYE) {
            throw unexpected("a sender sends no " + kind + " here");
        }
    }

    private static void admit(InboundRegistration current, TensorHeader tensor) {
        if (tensor.payloadBytes() > current.maxPayloadBytes()) {
            throw new FrameException(
                    FrameException.Reason.LENGTH,
                    "a tensor of this edge has at most " + current.maxPayloadBytes() + " bytes, the header promises "
                            + tensor.payloadBytes() + " for " + tensor.shape());
        }
        if (!current.hasCredit()) {
            throw unexpected("a tensor without credit");
        }
    }

    @Override
    public MemorySegment payload(TensorHeader header) {
        InboundRegistration current = agreed();
        current.take();
        TensorLease fresh;
        try {
            fresh = current.receiver().lease(header.dtype(), header.shape());
        } catch (RuntimeException e) {
            current.untake();
            throw e;
        }
        lease = fresh;
        return fresh.tensor().segment();
    }

    @Override
    public void tensor(TensorHeader header) {
        TensorLease full = lease;
        if (full == null) {
            throw new IllegalStateException("a tensor is complete and has no lease");
        }
        lease = null;
        agreed().receiver().arrived(header.key(), full);
    }

    @Override
    public void message(MessageHeader header, ByteBuffer payload) {
        Hello hello;
        try {
            hello = Hello.parseFrom(payload);
        } catch (InvalidProtocolBufferException e) {
            throw FrameBytes.unreadable(FrameKind.HELLO, e);
        }
        Hellos.requireAgreement(hello, header.edge());
        FrameChannel connection = connection();
        EdgeId offered = header.edge();
        InboundRegistration found = registry.find(offered);
        if (found == null) {
            connection.refuse(offered + ": " + registry.explain(offered));
            return;
        }
        Terms terms = found.attach(this);
        if (terms == null) {
            connection.refuse(offered + ": it already has a connection");
            return;
        }
        registration = found;
        connection.agree();
        connection.send(
                FrameKind.WELCOME,
                Welcome.newBuilder()
                        .setCredits(terms.credits())
                        .setWindow(terms.window())
                        .setMaxPayloadBytes(terms.maxPayloadBytes())
                        .build());
        LOG.debug("{} connected, software {}", offered, hello.getSoftwareVersion());
    }

    @Override
    public void ended(Optional<DataPlaneException> cause) {
        TensorLease partial = lease;
        lease = null;
        if (partial != null) {
            partial.close();
        }
        InboundRegistration current = registration;
        if (current != null) {
            current.detach(this);
            current.receiver().closed(cause.map(why -> why));
        } else {
            // Nobody else will hear of it: there is no receiver yet.
            cause.filter(why -> why.reason() != Reason.CLOSED).ifPresent(why -> LOG.warn("{}", why.getMessage()));
        }
    }

    /** The receiver let go of tensors; any thread. Many releases travel in one CREDIT frame. */
    void freed(int count) {
        if (freed.getAndAdd(count) == 0) {
            onConnection(this::sendCredit);
        }
    }

    /** Ends the connection from any thread. */
    void end() {
        onConnection(() -> connection().end());
    }

    private void onConnection(Runnable task) {
        try {
            connection().context().executor().execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("{} ended before its last credits went out", edge());
        }
    }

    private void sendCredit() {
        int count = freed.getAndSet(0);
        FrameChannel connection = connection();
        if (count > 0 && !connection.isEnding()) {
            connection.send(
                    FrameKind.CREDIT, Credit.newBuilder().setCount(count).build());
        }
    }

    private FrameChannel connection() {
        FrameChannel current = channel;
        if (current == null) {
            throw new IllegalStateException("the connection does not stand yet");
        }
        return current;
    }

    private InboundRegistration agreed() {
        InboundRegistration current = registration;
        if (current == null) {
            throw new IllegalStateException("a tensor before the handshake");
        }
        return current;
    }

    private static FrameException unexpected(String what) {
        return new FrameException(FrameException.Reason.UNEXPECTED, what);
    }
}
