package io.ketju.protocol.dataplane;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.ketju.protocol.dataplane.DataPlaneException.Reason;
import io.ketju.protocol.dataplane.message.Challenge;
import io.ketju.protocol.dataplane.message.Credit;
import io.ketju.protocol.dataplane.message.Hello;
import io.ketju.protocol.dataplane.message.Proof;
import io.ketju.protocol.dataplane.message.Refused;
import io.ketju.protocol.dataplane.message.Shared;
import io.ketju.protocol.dataplane.message.Welcome;
import io.ketju.protocol.frame.EdgeId;
import io.ketju.protocol.frame.FrameException;
import io.ketju.protocol.frame.FrameHeader;
import io.ketju.protocol.frame.FrameHeader.MessageHeader;
import io.ketju.protocol.frame.FrameHeader.TensorHeader;
import io.ketju.protocol.frame.FrameKey;
import io.ketju.protocol.frame.FrameKind;
import io.ketju.protocol.security.ClusterSecret;
import io.ketju.protocol.shared.SharedFile;
import io.ketju.tensor.memory.TensorLease;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sending side of one connection: says hello, then sends as many tensors as it has credit for. */
final class OutboundSession implements Session, OutboundEdge {
    private static final Logger LOG = LoggerFactory.getLogger(OutboundSession.class);

    private final EdgeId id;
    private final EdgeListener listener;
    private final DataPlaneOptions options;
    private final CompletableFuture<OutboundEdge> outcome = new CompletableFuture<>();

    /** What this side says first; on the connection's thread. */
    private Hello hello = Hello.getDefaultInstance();

    private boolean proved;
    private volatile @Nullable FrameChannel channel;
    /** From the handshake on. */
    private volatile @Nullable TensorWay way;

    private volatile boolean over;

    OutboundSession(EdgeId id, EdgeListener listener, DataPlaneOptions options) {
        this.id = id;
        this.listener = listener;
        this.options = options;
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
    public String carrier() {
        return way().name();
    }

    @Override
    public void send(FrameKey key, TensorLease lease) {
        if (over) {
            lease.close();
            return;
        }
        way().send(key, lease);
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

    @Override
    public EdgeId edge() {
        return id;
    }

    @Override
    public void opened(FrameChannel opened) {
        channel = opened;
        boolean shares = options.sharing().folder().isPresent();
        ByteString nonce =
                options.security().secret().isPresent() ? ByteString.copyFrom(ClusterSecret.nonce()) : ByteString.EMPTY;
        hello = Hellos.of(id, options.softwareVersion(), shares, nonce);
        opened.send(FrameKind.HELLO, hello);
    }

    @Override
    public void header(FrameHeader header) {
        boolean agreed = way != null;
        boolean proves = options.security().secret().isPresent();
        boolean fits = switch (header.kind()) {
            case CHALLENGE -> proves && !proved;
            case WELCOME -> !agreed && proves == proved;
            case REFUSED -> !agreed;
            case CREDIT, WAKE, HEARTBEAT -> agreed;
            case GOODBYE -> true;
            case HELLO, PROOF, SHARED, TENSOR -> false;
        };
        if (!fits && header.kind() == FrameKind.WELCOME && !agreed) {
            throw new FrameException(
                    FrameException.Reason.UNEXPECTED,
                    "the receiver does not prove that it knows this cluster's secret");
        }
        if (!fits) {
            throw new FrameException(
                    FrameException.Reason.UNEXPECTED,
                    "a receiver sends no " + header.kind() + (agreed ? " after" : " in") + " the handshake");
        }
    }

    @Override
    public void message(MessageHeader header, ByteBuffer payload) {
        try {
            switch (header.kind()) {
                case CHALLENGE -> prove(Challenge.parseFrom(payload));
                case WELCOME -> welcome(Welcome.parseFrom(payload));
                case REFUSED -> refused(Refused.parseFrom(payload).getReason());
                case CREDIT -> way().credit(Credit.parseFrom(payload).getCount());
                case WAKE -> way().woken();
                case HELLO, PROOF, SHARED, TENSOR, HEARTBEAT, GOODBYE ->
                    throw new IllegalStateException(header.kind() + " is no message of a receiver");
            }
        } catch (InvalidProtocolBufferException e) {
            throw FrameBytes.unreadable(header.kind(), e);
        }
    }

    /** The receiver says that it knows the secret; if so, this side proves it too. */
    private void prove(Challenge challenge) {
        FrameChannel connection = connection();
        SecretProof proof = new SecretProof(
                options.security().secret().orElseThrow(),
                hello,
                challenge.getNonce(),
                connection.remote(),
                connection.local());
        if (challenge.getNonce().size() != ClusterSecret.BYTES || !proof.isOfReceiver(challenge.getProof())) {
            connection.refuse("the receiver does not know this cluster's secret");
            return;
        }
        proved = true;
        connection.send(
                FrameKind.PROOF, Proof.newBuilder().setProof(proof.ofSender()).build());
    }

    private void welcome(Welcome welcome) {
        EdgeTerms terms = EdgeTerms.of(id, welcome, options.maxQueuedFrames());
        FrameChannel connection = connection();
        TensorWay agreed =
                welcome.getSharedFile().isEmpty() ? new SocketSending(terms, connection) : shared(welcome, terms);
        way = agreed;
        connection.agree();
        LOG.debug("{} goes over {}", id, agreed.name());
        outcome.complete(this);
    }

    /** Looks for the memory that the receiver offers, and tells it; it may be on another machine, or cut off from it. */
    private TensorWay shared(Welcome welcome, EdgeTerms terms) {
        FrameChannel connection = connection();
        SharedFile found = null;
        if (options.sharing().folder().isPresent()) {
            try {
                found = SharedFile.find(
                        options.sharing().folder().get(),
                        welcome.getSharedFile(),
                        RingSending.size(terms).bytes(),
                        welcome.getSharedNonce());
            } catch (IOException e) {
                LOG.debug("{} has no shared memory: {}", id, e.toString());
            }
        }
        Shared.Builder answer = Shared.newBuilder();
        if (found == null) {
            connection.send(FrameKind.SHARED, answer.build());
            return new SocketSending(terms, connection);
        }
        connection.send(
                FrameKind.SHARED, answer.setFound(true).setNonce(found.answer()).build());
        return new RingSending(terms, connection, found);
    }

    private void refused(String reason) {
        FrameChannel connection = connection();
        connection.drop(connection.exception(Reason.REFUSED, "refused there: " + reason, null));
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
        TensorWay agreed = way;
        if (agreed == null) {
            FrameChannel connection = connection();
            outcome.completeExceptionally(cause.orElseGet(() ->
                    connection.exception(Reason.CLOSED, "the data plane was closed before the handshake ended", null)));
        } else {
            agreed.ended();
            listener.closed(cause.map(why -> why));
        }
    }

    private TensorWay way() {
        TensorWay agreed = way;
        if (agreed == null) {
            throw new IllegalStateException("no tensors before the handshake");
        }
        return agreed;
    }

    private FrameChannel connection() {
        FrameChannel current = channel;
        if (current == null) {
            throw new IllegalStateException("the connection does not stand yet");
        }
        return current;
    }
}
