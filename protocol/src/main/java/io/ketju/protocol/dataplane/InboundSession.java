package io.ketju.protocol.dataplane;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.ketju.protocol.dataplane.DataPlaneException.Reason;
import io.ketju.protocol.dataplane.InboundRegistration.Terms;
import io.ketju.protocol.dataplane.message.Challenge;
import io.ketju.protocol.dataplane.message.Credit;
import io.ketju.protocol.dataplane.message.Hello;
import io.ketju.protocol.dataplane.message.Proof;
import io.ketju.protocol.dataplane.message.Shared;
import io.ketju.protocol.dataplane.message.Welcome;
import io.ketju.protocol.frame.EdgeId;
import io.ketju.protocol.frame.FrameException;
import io.ketju.protocol.frame.FrameHeader;
import io.ketju.protocol.frame.FrameHeader.MessageHeader;
import io.ketju.protocol.frame.FrameHeader.TensorHeader;
import io.ketju.protocol.frame.FrameKind;
import io.ketju.protocol.security.ClusterSecret;
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

    /** Thousands of CREDIT frames, of which a sender takes up each before it sends on. */
    private static final long MOST_UNSENT = 1 << 20;

    private final InboundRegistry registry;
    private final Sharing sharing;
    private final RingPolls polls;
    private final Entrance entrance;
    private final AtomicInteger freed = new AtomicInteger();
    private @Nullable FrameChannel channel;
    /** Of a sender that has yet to prove that it knows the secret. */
    private @Nullable SecretProof awaited;

    private @Nullable InboundRegistration registration;
    /** Of the tensor whose bytes are coming in. */
    private @Nullable TensorLease lease;
    /** Memory that the sender has not answered yet. */
    private @Nullable RingTaking offered;
    /** Where tensors come from, if not from the connection. */
    private volatile @Nullable RingTaking ring;

    InboundSession(InboundRegistry registry, Sharing sharing, RingPolls polls, Entrance entrance) {
        this.registry = registry;
        this.sharing = sharing;
        this.polls = polls;
        this.entrance = entrance;
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
            FrameKind next = awaited == null ? FrameKind.HELLO : FrameKind.PROOF;
            if (kind != next && kind != FrameKind.GOODBYE) {
                throw unexpected(
                        "the " + (awaited == null ? "first" : "second") + " frame is " + next + ", found " + kind);
            }
            return;
        }
        if (!header.edge().equals(current.id())) {
            throw unexpected("a frame of the edge " + header.edge());
        }
        boolean fits = switch (kind) {
            case TENSOR -> offered == null && ring == null;
            case SHARED -> offered != null;
            case WAKE -> ring != null;
            case HEARTBEAT, GOODBYE -> true;
            case HELLO, CHALLENGE, PROOF, WELCOME, REFUSED, CREDIT -> false;
        };
        if (!fits) {
            throw unexpected("a sender sends no " + kind + " here");
        }
        if (header instanceof TensorHeader tensor) {
            current.admit(tensor);
        }
    }

    @Override
    public MemorySegment payload(TensorHeader header) {
        TensorLease fresh = agreed().lease(header);
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
        try {
            switch (header.kind()) {
                case HELLO -> hello(header.edge(), Hello.parseFrom(payload));
                case PROOF -> proved(header.edge(), Proof.parseFrom(payload));
                case SHARED -> answered(Shared.parseFrom(payload));
                case WAKE -> shared().woken();
                case CHALLENGE, WELCOME, REFUSED, TENSOR, CREDIT, HEARTBEAT, GOODBYE ->
                    throw new IllegalStateException(header.kind() + " is no message of a sender");
            }
        } catch (InvalidProtocolBufferException e) {
            throw FrameBytes.unreadable(header.kind(), e);
        }
    }

    private void hello(EdgeId wanted, Hello hello) {
        Hellos.requireAgreement(hello, wanted);
        FrameChannel connection = connection();
        int nonce = hello.getNonce().size();
        if (entrance.secret().isEmpty()) {
            if (nonce > 0) {
                connection.refuse("this node knows no secret, and the sender wants proof of one");
                return;
            }
            join(wanted, hello);
            return;
        }
        if (nonce != ClusterSecret.BYTES) {
            connection.refuse("only processes that know this cluster's secret are taken; the sender offers a nonce of "
                    + nonce + " bytes, not " + ClusterSecret.BYTES);
            return;
        }
        SecretProof proof = new SecretProof(
                entrance.secret().get(),
                hello,
                ByteString.copyFrom(ClusterSecret.nonce()),
                connection.local(),
                connection.remote());
        awaited = proof;
        connection.send(
                FrameKind.CHALLENGE,
                Challenge.newBuilder()
                        .setNonce(proof.nonce())
                        .setProof(proof.ofReceiver())
                        .build());
    }

    private void proved(EdgeId wanted, Proof offered) {
        SecretProof proof = awaited;
        if (proof == null) {
            throw new IllegalStateException("a proof that nobody asked for");
        }
        Hellos.requireAgreement(proof.hello(), wanted);
        if (!proof.isOfSender(offered.getProof())) {
            connection().refuse("the sender does not know this cluster's secret");
            return;
        }
        join(wanted, proof.hello());
    }

    /** The sender is one of ours. */
    private void join(EdgeId wanted, Hello hello) {
        FrameChannel connection = connection();
        InboundRegistration found = registry.find(wanted);
        if (found == null) {
            connection.refuse(wanted + ": " + registry.explain(wanted));
            return;
        }
        Terms terms = found.attach(this);
        if (terms == null) {
            connection.refuse(wanted + ": it already has a connection");
            return;
        }
        Optional<String> crowded = entrance.take();
        if (crowded.isPresent()) {
            found.detach(this);
            connection.refuse(crowded.get());
            return;
        }
        registration = found;
        connection.agree();
        Welcome.Builder welcome = Welcome.newBuilder()
                .setCredits(terms.credits())
                .setWindow(terms.window())
                .setMaxPayloadBytes(terms.maxPayloadBytes());
        RingTaking memory = hello.getSharesMemory() ? RingTaking.offer(sharing, found, terms, this::failed) : null;
        if (memory != null) {
            offered = memory;
            welcome.setSharedFile(memory.name()).setSharedNonce(memory.nonce());
        }
        connection.send(FrameKind.WELCOME, welcome.build());
        LOG.debug("{} connected, software {}", found.id(), hello.getSoftwareVersion());
    }

    /** The sender has found the memory, or not; from here on it is clear where tensors come from. */
    private void answered(Shared answer) {
        RingTaking memory = offered;
        if (memory == null) {
            throw new IllegalStateException("an answer without an offer");
        }
        offered = null;
        memory.forgetName();
        if (!answer.getFound()) {
            memory.close();
        } else if (memory.isFound(answer.getNonce())) {
            ring = memory;
            polls.add(memory);
        } else {
            memory.close();
            throw unexpected("an answer from another memory");
        }
        sendCredit();
    }

    private RingTaking shared() {
        RingTaking memory = ring;
        if (memory == null) {
            throw new IllegalStateException("no shared memory was agreed on");
        }
        return memory;
    }

    private void failed(RuntimeException e) {
        onConnection(() -> connection().failed(e));
    }

    @Override
    public void ended(Optional<DataPlaneException> cause) {
        TensorLease partial = lease;
        lease = null;
        if (partial != null) {
            partial.close();
        }
        RingTaking memory = ring;
        if (memory != null) {
            polls.remove(memory);
            memory.finish();
        }
        InboundRegistration current = registration;
        if (current != null) {
            current.detach(this);
            letGo();
            current.receiver().closed(cause.map(why -> why));
        } else {
            cause.filter(why -> why.reason() != Reason.CLOSED).ifPresent(entrance::refused);
        }
    }

    /** Frees what was shared, or offered: nobody gives credits back any more. */
    private void letGo() {
        RingTaking unanswered = offered;
        if (unanswered != null) {
            offered = null;
            unanswered.forgetName();
            unanswered.close();
        }
        RingTaking memory = ring;
        if (memory != null) {
            ring = null;
            memory.close();
        }
    }

    /** The receiver let go of tensors; any thread. Many releases travel in one CREDIT frame, or in none at all. */
    void freed(int count) {
        RingTaking memory = ring;
        if (memory != null) {
            if (memory.giveBack(count)) {
                onConnection(() -> connection().wake());
            }
            return;
        }
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
        FrameChannel connection = connection();
        if (offered != null || connection.isEnding()) {
            return; // once the offer is answered, or never
        }
        int count = freed.getAndSet(0);
        if (count == 0) {
            return;
        }
        if (connection.unsentBytes() > MOST_UNSENT) {
            connection.drop(
                    connection.exception(Reason.PROTOCOL, "the other side reads nothing, and sends tensors", null));
            return;
        }
        RingTaking memory = ring;
        if (memory == null) {
            connection.send(
                    FrameKind.CREDIT, Credit.newBuilder().setCount(count).build());
        } else if (memory.giveBack(count)) {
            connection.wake();
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
