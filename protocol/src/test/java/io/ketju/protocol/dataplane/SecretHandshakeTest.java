package io.ketju.protocol.dataplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.ketju.protocol.dataplane.DataPlaneException.Reason;
import io.ketju.protocol.dataplane.message.Challenge;
import io.ketju.protocol.dataplane.message.Hello;
import io.ketju.protocol.dataplane.message.Proof;
import io.ketju.protocol.dataplane.message.Refused;
import io.ketju.protocol.dataplane.message.Welcome;
import io.ketju.protocol.frame.EdgeId;
import io.ketju.protocol.frame.FrameKey;
import io.ketju.protocol.frame.FrameKind;
import io.ketju.protocol.frame.TensorKind;
import io.ketju.protocol.security.ClusterSecret;
import io.ketju.tensor.Shape;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Both sides prove that they know the cluster's secret, before anything is said about edges. */
@Timeout(60)
class SecretHandshakeTest {
    private static final EdgeId EDGE = new EdgeId(0x1A, 0x2B, 3, 0, 1, TensorKind.ACTIVATION);
    private static final ClusterSecret SECRET = ClusterSecret.random();
    private static final ByteString NONCE = ByteString.copyFrom(new byte[ClusterSecret.BYTES]);

    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private DataPlane plane;
    private Receiver receiver;

    @BeforeEach
    void open() {
        plane = DataPlane.open(with(PlaneSecurity.of(SECRET)), lines::add);
        receiver = new Receiver(plane, EDGE, 2, 64);
    }

    @AfterEach
    void close() {
        receiver.close();
        assertThat(receiver.pool.outstanding()).isZero();
    }

    @Test
    void whoKnowsTheSecretIsTaken() throws Exception {
        try (DataPlane sender = DataPlane.open(with(PlaneSecurity.of(SECRET)))) {
            assertThat(sender.connect(plane.address(), EDGE, cause -> {})
                            .toCompletableFuture()
                            .get(20, TimeUnit.SECONDS)
                            .carrier())
                    .isEqualTo("sockets");
        }
        assertThat(receiver.awaitClosed()).isEmpty();
        assertThat(lines).isEmpty();
    }

    @Test
    void whoKnowsNoneOrAnotherIsNot() throws Exception {
        assertRefused(PlaneSecurity.NONE, plane, "only processes that know this cluster's secret are taken");
        assertRefused(
                PlaneSecurity.of(ClusterSecret.random()), plane, "the receiver does not know this cluster's secret");
        try (DataPlane open = DataPlane.open(with(PlaneSecurity.NONE))) {
            assertRefused(PlaneSecurity.of(SECRET), open, "this node knows no secret");
        }
        assertThat(receiver.isClosed()).isFalse();
        assertThat(lines.poll(20, TimeUnit.SECONDS)).contains("127.0.0.1");
    }

    @Test
    void nothingIsSaidOfEdgesBeforeTheProof() throws Exception {
        EdgeId unknown = new EdgeId(7, 7, 7, 0, 1, TensorKind.ACTIVATION);
        for (EdgeId edge : List.of(EDGE, unknown)) {
            try (RawPeer peer = RawPeer.connect(plane.address())) {
                peer.write(RawPeer.message(FrameKind.HELLO, edge, Hellos.of(edge, "test", false, NONCE)));
                assertThat(peer.read().header().kind()).isEqualTo(FrameKind.CHALLENGE);
                peer.write(RawPeer.message(
                        FrameKind.PROOF,
                        edge,
                        Proof.newBuilder().setProof(NONCE).build()));
                assertThat(refusal(peer)).isEqualTo("the sender does not know this cluster's secret");
            }
        }
    }

    @Test
    void aProofServesOnceAndInItsConnectionOnly() throws Exception {
        Hello hello = Hellos.of(EDGE, "test", false, NONCE);
        byte[] right;
        try (RawPeer peer = RawPeer.connect(plane.address())) {
            right = proofOf(peer, hello, challenge(peer, hello));
            peer.write(right);
            assertThat(peer.read().header().kind()).isEqualTo(FrameKind.WELCOME);
        }
        receiver.awaitClosed();
        try (RawPeer again = RawPeer.connect(plane.address())) {
            challenge(again, hello);
            again.write(right);
            assertThat(refusal(again)).isEqualTo("the sender does not know this cluster's secret");
        }
        try (RawPeer one = RawPeer.connect(plane.address());
                RawPeer other = RawPeer.connect(plane.address())) {
            Challenge first = challenge(one, hello);
            challenge(other, hello);
            other.write(proofOf(one, hello, first));
            assertThat(refusal(other)).isEqualTo("the sender does not know this cluster's secret");
        }
    }

    /** Whoever sits in between can hand on every byte and gets nothing of it: the two ends see different addresses. */
    @Test
    void aProofThatIsHandedOnIsWorthNothing() throws Exception {
        try (ServerSocket between = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                DataPlane sender = DataPlane.open(with(PlaneSecurity.of(SECRET)))) {
            CompletionStage<OutboundEdge> edge =
                    sender.connect((InetSocketAddress) between.getLocalSocketAddress(), EDGE, cause -> {});
            try (Socket there = between.accept();
                    Socket here = new Socket(
                            plane.address().getAddress(), plane.address().getPort())) {
                Thread back = Thread.ofPlatform().daemon().start(() -> copy(here, there));
                copy(there, here);
                back.join();
            }
            assertThatThrownBy(() -> edge.toCompletableFuture().get(20, TimeUnit.SECONDS))
                    .hasMessageContaining("the receiver does not know this cluster's secret");
        }
        assertThat(receiver.isClosed()).isFalse();
    }

    @Test
    void aReceiverThatProvesNothingIsNotBelieved() throws Exception {
        Welcome welcome = Welcome.newBuilder().setCredits(1).setWindow(1).build();
        Challenge wrong = Challenge.newBuilder().setNonce(NONCE).setProof(NONCE).build();
        assertReceiverRefused(
                RawPeer.message(FrameKind.WELCOME, EDGE, welcome),
                "the receiver does not prove that it knows this cluster's secret");
        assertReceiverRefused(
                RawPeer.message(FrameKind.CHALLENGE, EDGE, wrong), "the receiver does not know this cluster's secret");
        assertReceiverRefused(
                RawPeer.message(FrameKind.CHALLENGE, EDGE, Challenge.getDefaultInstance()),
                "the receiver does not know this cluster's secret");
    }

    @Test
    void whatComesInPlaceOfAProofEndsTheConnection() throws Exception {
        Hello hello = Hellos.of(EDGE, "test", false, NONCE);
        for (byte[] frame : List.of(
                RawPeer.message(FrameKind.HELLO, EDGE, hello),
                RawPeer.message(FrameKind.HEARTBEAT, EDGE, Proof.getDefaultInstance()),
                RawPeer.tensor(EDGE, new FrameKey(0, 0, 0), Shape.of(4)))) {
            try (RawPeer peer = RawPeer.connect(plane.address())) {
                challenge(peer, hello);
                peer.write(frame);
                assertThat(refusal(peer)).startsWith("the second frame is PROOF, found");
            }
        }
        assertThat(receiver.leases.get()).isZero();
    }

    /** Version 10 tells of no memory and no links, and has another number in its header; it hears which, and nothing else of it is looked at. */
    @Test
    void theVersionBeforeIsRefusedByItsNumber() throws Exception {
        byte[] hello = RawPeer.message(
                FrameKind.HELLO,
                EDGE,
                Hellos.of(EDGE, "test", false).toBuilder()
                        .setProtocolVersion(10)
                        .build());
        hello[4] = 10;
        try (RawPeer old = RawPeer.connect(plane.address())) {
            old.write(hello);
            assertThat(refusal(old))
                    .isEqualTo("protocol version is 11 here, found 10: run the same Ketju version on all nodes");
            old.awaitEnd();
        }
        assertThat(lines.poll(20, TimeUnit.SECONDS)).contains("found 10").contains("127.0.0.1");
        assertThat(lines).isEmpty();
    }

    private static DataPlaneOptions with(PlaneSecurity security) {
        return DataPlaneOptions.defaults().withSecurity(security);
    }

    private static Challenge challenge(RawPeer peer, Hello hello) throws Exception {
        peer.write(RawPeer.message(FrameKind.HELLO, EDGE, hello));
        RawPeer.Frame answer = peer.read();
        assertThat(answer.header().kind()).isEqualTo(FrameKind.CHALLENGE);
        return Challenge.parseFrom(answer.payload());
    }

    private static byte[] proofOf(RawPeer peer, Hello hello, Challenge challenge) {
        SecretProof proof = new SecretProof(SECRET, hello, challenge.getNonce(), peer.remote(), peer.local());
        assertThat(proof.isOfReceiver(challenge.getProof())).isTrue();
        return RawPeer.message(
                FrameKind.PROOF,
                EDGE,
                Proof.newBuilder().setProof(proof.ofSender()).build());
    }

    private static void assertRefused(PlaneSecurity security, DataPlane to, String why) {
        try (DataPlane sender = DataPlane.open(with(security))) {
            assertThatThrownBy(() -> sender.connect(to.address(), EDGE, cause -> {})
                            .toCompletableFuture()
                            .get(20, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            DataPlaneException.class,
                            e -> assertThat(e.reason()).isEqualTo(Reason.REFUSED))
                    .hasMessageContaining(why)
                    .hasMessageContaining("127.0.0.1");
        }
    }

    private void assertReceiverRefused(byte[] answer, String why) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletionStage<OutboundEdge> edge =
                    plane.connect((InetSocketAddress) server.getLocalSocketAddress(), EDGE, cause -> {});
            try (RawPeer peer = new RawPeer(server.accept())) {
                assertThat(peer.read().header().kind()).isEqualTo(FrameKind.HELLO);
                peer.write(answer);
                assertThat(refusal(peer)).isEqualTo(why);
            }
            assertThatThrownBy(() -> edge.toCompletableFuture().get(20, TimeUnit.SECONDS))
                    .hasMessageContaining(why);
        }
    }

    private static String refusal(RawPeer peer) throws Exception {
        RawPeer.Frame answer = peer.read();
        assertThat(answer.header().kind()).isEqualTo(FrameKind.REFUSED);
        return Refused.parseFrom(answer.payload()).getReason();
    }

    private static void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (java.io.IOException e) {
            return; // one side has ended: so does the copy
        }
    }
}
