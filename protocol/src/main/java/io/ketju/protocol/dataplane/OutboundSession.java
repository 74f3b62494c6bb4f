package io.ketju.protocol.dataplane;

import com.google.protobuf.InvalidProtocolBufferException;
import io.ketju.protocol.dataplane.DataPlaneException.Reason;
import io.ketju.protocol.dataplane.message.Credit;
import io.ketju.protocol.dataplane.message.Refused;
import io.ketju.protocol.dataplane.message.Welcome;
import io.ketju.protocol.frame.EdgeId;
import io.ketju.protocol.frame.FrameException;
import io.ketju.protocol.frame.FrameHeader;
import io.ketju.protocol.frame.FrameHeader.MessageHeader;
import io.ketju.protocol.frame.FrameHeader.TensorHeader;
import io.ketju.protocol.frame.FrameKey;
import io.ketju.protocol.frame.FrameKind;
import io.ketju.tensor.Tensor;
import io.ketju.tensor.memory.TensorLease;
import io.netty.channel.ChannelFuture;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The sending side of one connection: says hello, then sends as many tensors as it has credit for. */
final class OutboundSession implements Session, OutboundEdge {
    private record Waiting(FrameKey key, TensorLease lease) {}

    private final EdgeId id;
    private final EdgeListener listener;
    private final OptionalInt maxQueued;
    private final String softwareVersion;
    private final CompletableFuture<OutboundEdge> outcome = new CompletableFuture<>();
    private final Queue<Waiting> queue = new ArrayDeque<>();
    /** Tensors given to {@link #send} whose credit has not come back: a number that depends on no thread's speed. */
    private final AtomicInteger unreturned = new AtomicInteger();

    private volatile @Nullable FrameChannel channel;
    private volatile int mostQueued;
    private volatile int mostUnreturned;
    private volatile boolean over;
    private @Nullable CreditWindow window;
    private long maxPayloadBytes;

    OutboundSession(EdgeId id, EdgeListener listener, OptionalInt maxQueued, String softwareVersion) {
        this.id = id;
        this.listener = listener;
        this.maxQueued = maxQueued;
        this.softwareVersion = softwareVersion;
    }

    /** Completes when the other side has said welcome, or fails with a {@link DataPlaneException}. */
    CompletionStage<OutboundEdge> outcome() {
        return outcome.minimalCompletionStage();
    }

    /** No connection came to be. */
    void unreachable(DataPlaneException why) {
        outcome.completeExceptionally(why);
    }

    // ---- the caller's side

    @Override
    public EdgeId id() {
        return id;
    }

    @Override
    public void send(FrameKey key, TensorLease lease) {
        if (over) {
            lease.close();
            return;
        }
        if (unreturned.incrementAndGet() > mostUnreturned) {
            unreturned.decrementAndGet();
            throw new IllegalStateException("the edge " + id + " holds " + mostQueued
                    + " tensors that wait for credit and takes no more: the plan has more in flight than its credits");
        }
        Waiting next = new Waiting(key, lease);
        try {
            connection().context().executor().execute(() -> enqueue(next));
        } catch (RejectedExecutionException e) {
            // The data plane is closed; its threads are gone and the listener knows.
            lease.close();
        }
    }

    @Override
    public void close() {
        FrameChannel connection = connection();
        try {
            connection.context().executor().execute(connection::end);
        } catch (RejectedExecutionException e) {
            return; // the data plane is closed, and with it this edge
        }
    }

    // ---- the connection's side

    private void enqueue(Waiting next) {
        if (connection().isEnding()) {
            next.lease().close();
            return;
        }
        queue.add(next);
        drain();
    }

    private void drain() {
        FrameChannel connection = connection();
        boolean wrote = false;
        while (!queue.isEmpty() && !connection.isEnding() && window().tryTake()) {
            write(connection, queue.remove());
            wrote = true;
        }
        if (wrote) {
            connection.context().flush();
        }
    }

    private void write(FrameChannel connection, Waiting next) {
        TensorLease lease = next.lease();
        Tensor tensor = lease.tensor();
        if (tensor.shape().bytes() > maxPayloadBytes) {
            lease.close();
            connection.fail(
                    Reason.RECEIVER,
                    "the receiver takes " + maxPayloadBytes + " bytes per tensor, " + tensor.shape() + " has "
                            + tensor.shape().bytes());
            return;
        }
        TensorHeader header = new TensorHeader(id, next.key(), tensor.dtype(), tensor.shape());
        ChannelFuture written = FrameBytes.writeTensor(connection.context(), header, tensor.segment());
        written.addListener(result -> {
            lease.close();
            Throwable why = result.cause();
            if (why != null) {
                connection.broke(why);
            }
        });
    }

    @Override
    public EdgeId edge() {
        return id;
    }

    @Override
    public void opened(FrameChannel opened) {
        channel = opened;
        opened.send(FrameKind.HELLO, Hellos.of(id, softwareVersion));
    }

    @Override
    public void header(FrameHeader header) {
        boolean fits = switch (header.kind()) {
            case WELCOME, REFUSED -> window == null;
            case CREDIT, HEARTBEAT -> window != null;
            case GOODBYE -> true;
            case HELLO, TENSOR -> false;
        };
        if (!fits) {
            throw new FrameException(
                    FrameException.Reason.UNEXPECTED,
                    "a receiver sends no " + header.kind() + (window == null ? " in" : " after") + " the handshake");
        }
    }

    @Override
    public void message(MessageHeader header, ByteBuffer payload) {
        try {
            switch (header.kind()) {
                case WELCOME -> welcome(Welcome.parseFrom(payload));
                case REFUSED -> refused(Refused.parseFrom(payload).getReason());
                case CREDIT -> credit(Credit.parseFrom(payload).getCount());
                case HELLO, TENSOR, HEARTBEAT, GOODBYE ->
                    throw new IllegalStateException(header.kind() + " is no message of a receiver");
            }
        } catch (InvalidProtocolBufferException e) {
            throw FrameBytes.unreadable(header.kind(), e);
        }
    }

    private void welcome(Welcome welcome) {
        try {
            window = new CreditWindow(welcome.getWindow(), welcome.getCredits());
        } catch (IllegalArgumentException e) {
            throw new FrameException(FrameException.Reason.MESSAGE, "WELCOME: " + e.getMessage());
        }
        maxPayloadBytes = welcome.getMaxPayloadBytes();
        int size = welcome.getWindow();
        unreturned.set(size - welcome.getCredits());
        mostQueued = maxQueued.orElse((int) Math.min(2L * size, Integer.MAX_VALUE));
        mostUnreturned = (int) Math.min((long) size + mostQueued, Integer.MAX_VALUE);
        connection().agree();
        outcome.complete(this);
    }

    private void refused(String reason) {
        FrameChannel connection = connection();
        connection.drop(connection.exception(Reason.REFUSED, "refused there: " + reason, null));
    }

    private void credit(int count) {
        try {
            window().give(count);
        } catch (IllegalArgumentException e) {
            throw new FrameException(FrameException.Reason.MESSAGE, "CREDIT: " + e.getMessage());
        }
        unreturned.addAndGet(-count);
        drain();
    }

    @Override
    public MemorySegment payload(TensorHeader header) {
        throw new IllegalStateException("a receiver sends no tensors");
    }

    @Override
    public void tensor(TensorHeader header) {
        throw new IllegalStateException("a receiver sends no tensors");
    }

    @Override
    public void ended(Optional<DataPlaneException> cause) {
        over = true;
        for (Waiting left = queue.poll(); left != null; left = queue.poll()) {
            left.lease().close();
        }
        if (window == null) {
            FrameChannel connection = connection();
            outcome.completeExceptionally(cause.orElseGet(() ->
                    connection.exception(Reason.CLOSED, "the data plane was closed before the handshake ended", null)));
        } else {
            listener.closed(cause.map(why -> why));
        }
    }

    private CreditWindow window() {
        CreditWindow current = window;
        if (current == null) {
            throw new IllegalStateException("no credits before the handshake");
        }
        return current;
    }

    private FrameChannel connection() {
        FrameChannel current = channel;
        if (current == null) {
            throw new IllegalStateException("the connection does not stand yet");
        }
        return current;
    }
}
