package io.ketju.protocol.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.protocol.dataplane.DataPlaneException.Reason;
import io.ketju.protocol.dataplane.DataPlaneOptions.Timing;
import io.ketju.protocol.dataplane.message.Credit;
import io.ketju.protocol.dataplane.message.Goodbye;
import io.ketju.protocol.dataplane.message.Welcome;
import io.ketju.protocol.frame.EdgeId;
import io.ketju.protocol.frame.FrameKey;
import io.ketju.protocol.frame.FrameKind;
import io.ketju.protocol.frame.TensorKind;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.memory.TensorLease;
import io.ketju.tensor.memory.TensorPool;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every way in which a connection ends badly has a name, and no lease outlives it. */
@Timeout(60)
class BrokenConnectionTest {
    private static final EdgeId EDGE = new EdgeId(1, 2, 3, 0, 1, TensorKind.ACTIVATION);
    private static final FrameKey KEY = new FrameKey(0, 0, 0);
    private static final Timing NERVOUS = new Timing(
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofMillis(20),
            Duration.ofMillis(100),
            Duration.ofMillis(50));

    private DataPlane plane;
    private Receiver receiver;

    @BeforeEach
    void open() {
        plane = DataPlane.open(DataPlaneOptions.defaults());
        receiver = new Receiver(plane, EDGE, 2, 64);
    }

    @AfterEach
    void close() {
        receiver.close();
        assertThat(receiver.pool.outstanding()).isZero();
    }

    @Test
    void aSenderThatDiesInsideAFrame() throws Exception {
        byte[] frame = RawPeer.tensor(EDGE, KEY, Shape.of(16));
        try (RawPeer peer = RawPeer.open(plane.address(), EDGE)) {
            peer.write(frame, 0, 120);
            receiver.awaitLease();
            assertThat(receiver.pool.outstanding()).isOne();
        }
        assertCause(receiver.awaitClosed(), Reason.END_OF_STREAM, "after 24 of 64 payload bytes of a TENSOR frame");
        assertThat(receiver.pool.outstanding()).isZero();
        // Its credit is back: the next connection has both.
        try (RawPeer peer = RawPeer.open(plane.address(), EDGE)) {
            peer.write(frame);
            peer.write(frame);
            receiver.take().lease().close();
            receiver.take().lease().close();
        }
    }

    @Test
    void aSenderThatResets() throws Exception {
        try (RawPeer peer = RawPeer.open(plane.address(), EDGE)) {
            peer.write(RawPeer.tensor(EDGE, KEY, Shape.of(16)), 0, 120);
            receiver.awaitLease();
            peer.reset();
        }
        assertCause(receiver.awaitClosed(), Reason.RESET, "reset");
    }

    @Test
    void aPayloadWithAFlippedBit() throws Exception {
        byte[] frame = RawPeer.tensor(EDGE, KEY, Shape.of(16));
        frame[130] ^= 1;
        assertEnds(frame, Reason.CORRUPT, "payload CRC32C of a TENSOR frame");
        assertThat(receiver.arrivals).isEmpty();
        assertThat(receiver.leases.get()).isOne();
    }

    @Test
    void aHeaderWithAFlippedBit() throws Exception {
        byte[] frame = RawPeer.tensor(EDGE, KEY, Shape.of(16));
        frame[60] ^= 1;
        assertEnds(frame, Reason.CORRUPT, "header CRC32C");
        assertThat(receiver.leases.get()).isZero();
    }

    @Test
    void aTensorThatIsTooLargeTakesNoMemory() throws Exception {
        byte[] header = RawPeer.tensor(EDGE, KEY, Shape.of(17));
        assertEnds(header, Reason.PROTOCOL, "at most 64 bytes, the header promises 68 for [17]");
        assertThat(receiver.leases.get()).isZero();
    }

    @Test
    void aTensorOfAnotherEdge() throws Exception {
        EdgeId stale = new EdgeId(1, 2, 2, 0, 1, TensorKind.ACTIVATION);
        assertEnds(RawPeer.tensor(stale, KEY, Shape.of(1)), Reason.PROTOCOL, "a frame of the edge activation 0->1");
        assertThat(receiver.leases.get()).isZero();
    }

    @Test
    void aTensorWithoutCredit() throws Exception {
        byte[] frame = RawPeer.tensor(EDGE, KEY, Shape.of(16));
        byte[] three = new byte[3 * frame.length];
        for (int i = 0; i < 3; i++) {
            System.arraycopy(frame, 0, three, i * frame.length, frame.length);
        }
        assertEnds(three, Reason.PROTOCOL, "a tensor without credit");
        assertThat(receiver.leases.get()).isEqualTo(2);
        receiver.take().lease().close();
        receiver.take().lease().close();
    }

    @Test
    void aMessageThatASenderMustNotSend() throws Exception {
        byte[] credit = RawPeer.message(
                FrameKind.CREDIT, EDGE, Credit.newBuilder().setCount(1).build());
        assertEnds(credit, Reason.PROTOCOL, "a sender sends no CREDIT here");
    }

    @Test
    void aGoodbyeWithAReason() throws Exception {
        try (RawPeer peer = RawPeer.open(plane.address(), EDGE)) {
            peer.write(RawPeer.message(
                    FrameKind.GOODBYE,
                    EDGE,
                    Goodbye.newBuilder().setReason("out of cheese").build()));
            assertCause(receiver.awaitClosed(), Reason.PEER, "the other side ended: out of cheese");
        }
    }

    @Test
    void aSenderThatFallsSilent() throws Exception {
        try (DataPlane nervous = DataPlane.open(DataPlaneOptions.defaults().withTiming(NERVOUS));
                Receiver here = new Receiver(nervous, EDGE, 2, 64);
                RawPeer peer = RawPeer.open(nervous.address(), EDGE)) {
            assertCause(here.awaitClosed(), Reason.SILENCE, "not a byte for 100 ms");
            peer.awaitEnd();
        }
    }

    @Test
    void aReceiverWithoutMemory() throws Exception {
        try (TensorPool source = new TensorPool("source", 64, 2);
                TensorLease taken = receiver.pool.lease(Shape.of(1));
                TensorLease alsoTaken = receiver.pool.lease(Shape.of(1))) {
            assertThat(taken).isNotSameAs(alsoTaken);
            CompletableFuture<Optional<Throwable>> ended = new CompletableFuture<>();
            OutboundEdge edge = plane.connect(plane.address(), EDGE, ended::complete)
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
            edge.send(KEY, source.lease(Shape.of(16)));
            assertCause(receiver.awaitClosed(), Reason.RECEIVER, "no free buffer in pool");
            assertCause(ended.get(20, TimeUnit.SECONDS), Reason.PEER, "no free buffer in pool");
            assertThat(source.outstanding()).isZero();
            // These two were never the data plane's.
            receiver.pool.onRelease(() -> {});
        }
    }

    @Test
    void aTensorThatTheReceiverWouldNotTakeIsNotSent() throws Exception {
        try (TensorPool source = new TensorPool("source", 68, 1)) {
            CompletableFuture<Optional<Throwable>> ended = new CompletableFuture<>();
            OutboundEdge edge = plane.connect(plane.address(), EDGE, ended::complete)
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
            edge.send(KEY, source.lease(Shape.of(17)));
            String what = "the receiver takes 64 bytes per tensor, [17] has 68";
            assertCause(ended.get(20, TimeUnit.SECONDS), Reason.RECEIVER, what);
            assertCause(receiver.awaitClosed(), Reason.PEER, what);
            assertThat(source.outstanding()).isZero();
        }
    }

    @Test
    void aReceiverThatDiesWhileTensorsWait() throws Exception {
        try (TensorPool source = new TensorPool("source", 1 << 20, 4);
                ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Optional<Throwable>> ended = new CompletableFuture<>();
            CompletionStage<OutboundEdge> opening =
                    plane.connect((InetSocketAddress) server.getLocalSocketAddress(), EDGE, ended::complete);
            try (RawPeer peer = new RawPeer(server.accept())) {
                assertThat(peer.read().header().kind()).isEqualTo(FrameKind.HELLO);
                peer.write(welcome(2));
                OutboundEdge edge = opening.toCompletableFuture().get(20, TimeUnit.SECONDS);
                for (int i = 0; i < 4; i++) {
                    edge.send(new FrameKey(0, i, 0), source.lease(DType.INT32, Shape.of(1 << 18)));
                }
                peer.reset();
            }
            assertCause(ended.get(20, TimeUnit.SECONDS), Reason.RESET, "the connection broke");
            assertThat(source.outstanding()).isZero();
        }
    }

    @Test
    void aReceiverThatGivesMoreCreditThanItTook() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletableFuture<Optional<Throwable>> ended = new CompletableFuture<>();
            CompletionStage<OutboundEdge> opening =
                    plane.connect((InetSocketAddress) server.getLocalSocketAddress(), EDGE, ended::complete);
            try (RawPeer peer = new RawPeer(server.accept())) {
                peer.write(welcome(2));
                opening.toCompletableFuture().get(20, TimeUnit.SECONDS);
                peer.write(RawPeer.message(
                        FrameKind.CREDIT, EDGE, Credit.newBuilder().setCount(1).build()));
                assertCause(
                        ended.get(20, TimeUnit.SECONDS),
                        Reason.PROTOCOL,
                        "CREDIT: 1 credits came back while 0 of 2 were taken");
            }
        }
    }

    private static byte[] welcome(int credits) {
        return RawPeer.message(
                FrameKind.WELCOME,
                EDGE,
                Welcome.newBuilder()
                        .setCredits(credits)
                        .setWindow(credits)
                        .setMaxPayloadBytes(1 << 20)
                        .build());
    }

    /** The receiver hears the cause, and the sender reads it in a goodbye. */
    private void assertEnds(byte[] bytes, Reason reason, String what) throws Exception {
        try (RawPeer peer = RawPeer.open(plane.address(), EDGE)) {
            peer.write(bytes);
            RawPeer.Frame last = peer.read();
            assertThat(last.header().kind()).isEqualTo(FrameKind.GOODBYE);
            assertThat(Goodbye.parseFrom(last.payload()).getReason()).contains(what);
            peer.awaitEnd();
        }
        assertCause(receiver.awaitClosed(), reason, what);
    }

    private static void assertCause(Optional<Throwable> cause, Reason reason, String what) {
        assertThat(cause)
                .hasValueSatisfying(thrown -> assertThat(thrown)
                        .hasMessageContaining(what)
                        .hasMessageContaining("127.0.0.1")
                        .hasMessageContaining("activation 0->1")
                        .isInstanceOfSatisfying(
                                DataPlaneException.class,
                                e -> assertThat(e.reason()).isEqualTo(reason)));
    }
}
