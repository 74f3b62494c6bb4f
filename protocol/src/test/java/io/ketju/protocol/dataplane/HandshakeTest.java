package io.ketju.protocol.dataplane;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ketju.protocol.dataplane.DataPlaneException.Reason;
import io.ketju.protocol.dataplane.DataPlaneOptions.Timing;
import io.ketju.protocol.dataplane.message.Hello;
import io.ketju.protocol.dataplane.message.Refused;
import io.ketju.protocol.frame.EdgeId;
import io.ketju.protocol.frame.FrameKey;
import io.ketju.protocol.frame.FrameKind;
import io.ketju.protocol.frame.TensorKind;
import io.ketju.tensor.Shape;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gets in, and what those hear who do not. */
@Timeout(60)
class HandshakeTest {
    private static final EdgeId EDGE = new EdgeId(0x1A, 0x2B, 3, 0, 1, TensorKind.ACTIVATION);
    private static final Timing HURRIED = new Timing(
            Duration.ofSeconds(5),
            Duration.ofMillis(50),
            Duration.ofSeconds(1),
            Duration.ofSeconds(10),
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
    void anEdgeThatDiffersIsRefusedWithTheDifference() {
        assertRefused(new EdgeId(0x1A, 0x2B, 2, 0, 1, TensorKind.ACTIVATION), "incarnation is 3 here, offered 2");
        assertRefused(new EdgeId(0x1A, 0x2C, 3, 0, 1, TensorKind.ACTIVATION), "config hash is 2b here, offered 2c");
        assertRefused(new EdgeId(0x1B, 0x2B, 3, 0, 1, TensorKind.ACTIVATION), "job is 1a here, offered 1b");
        assertRefused(
                new EdgeId(0x1A, 0x2B, 3, 1, 2, TensorKind.ACTIVATION), "no such edge is registered on this node");
        assertRefused(new EdgeId(0x1A, 0x2B, 3, 0, 1, TensorKind.FED), "no such edge is registered on this node");
        assertThat(receiver.isClosed())
                .as("the receiver never hears of strangers")
                .isFalse();
    }

    @Test
    void aSecondConnectionIsRefusedAndTheFirstGoesOn() throws Exception {
        try (RawPeer first = RawPeer.open(plane.address(), EDGE)) {
            assertRefused(EDGE, "it already has a connection");
            first.write(RawPeer.tensor(EDGE, new FrameKey(0, 0, 0), Shape.of(4)));
            receiver.take().lease().close();
        }
    }

    /** The one before, as a node has that is not upgraded yet, and the one to come. */
    @ParameterizedTest
    @ValueSource(ints = {10, 12})
    void anotherVersionIsRefusedByName(int version) throws Exception {
        byte[] hello = RawPeer.message(FrameKind.HELLO, EDGE, Hellos.of(EDGE, "test", false));
        hello[4] = (byte) version;
        assertRefused(
                hello, "protocol version is 11 here, found " + version + ": run the same Ketju version on all nodes");
        Hello other = Hellos.of(EDGE, "test", false).toBuilder()
                .setProtocolVersion(version)
                .build();
        assertRefused(
                RawPeer.message(FrameKind.HELLO, EDGE, other), "protocol version is 11 here, HELLO says " + version);
    }

    @Test
    void aHelloThatContradictsItsHeaderIsRefused() throws Exception {
        Hello other = Hellos.of(EDGE, "test", false).toBuilder().setJob(5).build();
        assertRefused(RawPeer.message(FrameKind.HELLO, EDGE, other), "HELLO names another edge than its header");
        byte[] torn = RawPeer.message(FrameKind.HELLO, EDGE, Hellos.of(EDGE, "test", false));
        torn[torn.length - 1] ^= 1;
        assertRefused(torn, "payload CRC32C of a HELLO frame");
    }

    @Test
    void garbageIsRefused() throws Exception {
        assertRefused("GET / HTTP/1.1\r\n".repeat(20).getBytes(UTF_8), "a frame starts with KTJU");
    }

    @Test
    void aTensorBeforeTheHandshakeIsRefusedBeforeAnyMemoryIsTaken() throws Exception {
        assertRefused(
                RawPeer.tensor(EDGE, new FrameKey(0, 0, 0), Shape.of(4)), "the first frame is HELLO, found TENSOR");
        assertThat(receiver.leases.get()).isZero();
    }

    @Test
    void silenceEndsAtTheDeadline() throws Exception {
        try (DataPlane hurried = DataPlane.open(DataPlaneOptions.defaults().withTiming(HURRIED));
                RawPeer silent = RawPeer.connect(hurried.address())) {
            assertThat(refusal(silent)).isEqualTo("no complete handshake within 50 ms");
            silent.awaitEnd();
        }
    }

    @Test
    void halfAHelloEndsAtTheDeadlineToo() throws Exception {
        try (DataPlane hurried = DataPlane.open(DataPlaneOptions.defaults().withTiming(HURRIED));
                RawPeer slow = RawPeer.connect(hurried.address())) {
            slow.write(RawPeer.message(FrameKind.HELLO, EDGE, Hellos.of(EDGE, "test", false)), 0, 100);
            assertThat(refusal(slow)).isEqualTo("no complete handshake within 50 ms");
            slow.awaitEnd();
        }
    }

    @Test
    @SuppressWarnings("try") // one of the edges only has to be there
    void moreConnectionsThanTheLimitAreRefused() throws Exception {
        EdgeId other = new EdgeId(0x1A, 0x2B, 3, 0, 1, TensorKind.GRADIENT);
        try (DataPlane small =
                        DataPlane.open(DataPlaneOptions.defaults().withLimits(new ConnectionLimits(1, 1, 1, 1)));
                Receiver here = new Receiver(small, EDGE, 2, 64);
                Receiver more = new Receiver(small, other, 2, 64);
                RawPeer first = RawPeer.open(small.address(), EDGE)) {
            try (RawPeer second = RawPeer.connect(small.address())) {
                second.write(RawPeer.message(FrameKind.HELLO, other, Hellos.of(other, "test", false)));
                assertThat(refusal(second))
                        .isEqualTo("this node has 1 connections, 1 of one address, and takes no more");
                second.awaitEnd();
            }
            first.write(RawPeer.tensor(EDGE, new FrameKey(0, 0, 0), Shape.of(4)));
            here.take().lease().close();
        }
    }

    @Test
    void aReceiverThatNeverAnswersFailsTheConnectAtTheDeadline() throws Exception {
        try (ServerSocket mute = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                DataPlane hurried = DataPlane.open(DataPlaneOptions.defaults().withTiming(HURRIED))) {
            assertFails(
                    hurried.connect((InetSocketAddress) mute.getLocalSocketAddress(), EDGE, cause -> {}),
                    Reason.HANDSHAKE_TIMEOUT,
                    "no complete handshake within 50 ms");
        }
    }

    @Test
    void nobodyThereFailsTheConnect() throws Exception {
        InetSocketAddress free;
        try (ServerSocket reserved = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = (InetSocketAddress) reserved.getLocalSocketAddress();
        }
        assertFails(plane.connect(free, EDGE, cause -> {}), Reason.UNREACHABLE, "cannot connect");
    }

    @Test
    void aReceiverThatTalksNonsenseFailsTheConnect() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CompletionStage<OutboundEdge> edge =
                    plane.connect((InetSocketAddress) server.getLocalSocketAddress(), EDGE, cause -> {});
            try (RawPeer peer = new RawPeer(server.accept())) {
                peer.write(new byte[200]);
                assertFails(edge, Reason.REFUSED, "a frame starts with KTJU");
            }
        }
    }

    private void assertRefused(EdgeId offered, String why) {
        assertFails(
                plane.connect(plane.address(), offered, cause -> {
                    throw new AssertionError("an edge that was never opened has ended");
                }),
                Reason.REFUSED,
                why);
    }

    private void assertRefused(byte[] bytes, String why) throws Exception {
        try (RawPeer peer = RawPeer.connect(plane.address())) {
            peer.write(bytes);
            assertThat(refusal(peer)).contains(why);
            peer.awaitEnd();
        }
    }

    private static String refusal(RawPeer peer) throws Exception {
        RawPeer.Frame answer = peer.read();
        assertThat(answer.header().kind()).isEqualTo(FrameKind.REFUSED);
        return Refused.parseFrom(answer.payload()).getReason();
    }

    private static void assertFails(CompletionStage<OutboundEdge> edge, Reason reason, String message) {
        assertThatThrownBy(() -> edge.toCompletableFuture().get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        DataPlaneException.class, e -> assertThat(e.reason()).isEqualTo(reason))
                .hasMessageContaining(message)
                .hasMessageContaining("127.0.0.1");
    }
}
