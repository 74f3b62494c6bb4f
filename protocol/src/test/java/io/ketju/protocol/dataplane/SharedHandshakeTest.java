package io.ketju.protocol.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.protocol.dataplane.message.Goodbye;
import io.ketju.protocol.dataplane.message.Shared;
import io.ketju.protocol.dataplane.message.Welcome;
import io.ketju.protocol.frame.EdgeId;
import io.ketju.protocol.frame.FrameKey;
import io.ketju.protocol.frame.FrameKind;
import io.ketju.protocol.frame.TensorKind;
import io.ketju.protocol.shared.RingSize;
import io.ketju.protocol.shared.SharedFile;
import io.ketju.tensor.Shape;
import io.ketju.tensor.memory.TensorPool;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How two sides come to share memory, or not, and that no name of it is left in any case. */
@Timeout(60)
class SharedHandshakeTest {
    private static final EdgeId EDGE = new EdgeId(0x1A, 0x2B, 3, 0, 1, TensorKind.ACTIVATION);
    private static final int CREDITS = 2;
    private static final long BYTES = 64;

    @TempDir
    Path folder;

    private DataPlane plane;
    private Receiver receiver;

    @BeforeEach
    void open() {
        plane = DataPlane.open(DataPlaneOptions.defaults().withSharing(Sharing.in(folder)));
        receiver = new Receiver(plane, EDGE, CREDITS, BYTES);
    }

    @AfterEach
    void close() {
        receiver.close();
        assertThat(receiver.pool.outstanding()).isZero();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void bothWantIt() throws Exception {
        assertThat(carrier(Sharing.in(folder))).isEqualTo("shared memory");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aSenderThatDoesNotWantItIsNotOfferedAny() throws Exception {
        assertThat(carrier(Sharing.NONE)).isEqualTo("sockets");
    }

    @Test
    void aSenderThatFindsNothingUsesTheConnection(@TempDir Path elsewhere) throws Exception {
        assertThat(carrier(Sharing.in(elsewhere))).isEqualTo("sockets");
    }

    @Test
    void memoryThatIsTooLargeOrNotToBeHadIsNotOffered() throws Exception {
        long bytes = new RingSize(CREDITS, BYTES).bytes();
        assertThat(carrierTo(new Sharing(Sharing.in(folder).folder(), bytes - 1)))
                .isEqualTo("sockets");
        assertThat(carrierTo(new Sharing(Sharing.in(folder).folder(), bytes))).isEqualTo("shared memory");
        assertThat(carrierTo(Sharing.in(folder.resolve("missing")))).isEqualTo("sockets");
    }

    @Test
    void aSenderThatDiesBeforeItsAnswerLeavesNoName() throws Exception {
        try (RawPeer peer = RawPeer.connect(plane.address())) {
            offer(peer);
            assertThat(folder).isDirectoryContaining(file -> true);
            peer.reset();
        }
        assertThat(receiver.awaitClosed()).isPresent();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void whoAnswersWithoutHavingSeenTheMemoryIsThrownOut() throws Exception {
        for (long nonce : new long[] {0, 1}) {
            try (RawPeer peer = RawPeer.connect(plane.address())) {
                offer(peer);
                peer.write(answer(nonce));
                assertThat(reason(peer)).contains("an answer from another memory");
            }
            assertThat(receiver.awaitClosed()).isPresent();
        }
    }

    @Test
    void tensorsComeByOneWayOnly() throws Exception {
        try (RawPeer peer = RawPeer.connect(plane.address())) {
            offer(peer);
            peer.write(RawPeer.tensor(EDGE, new FrameKey(0, 0, 0), Shape.of(4)));
            assertThat(reason(peer)).contains("a sender sends no TENSOR here");
        }
        assertThat(receiver.awaitClosed()).isPresent();
        try (RawPeer peer = RawPeer.connect(plane.address())) {
            Welcome welcome = offer(peer);
            try (SharedFile found = SharedFile.find(
                    folder, welcome.getSharedFile(), new RingSize(CREDITS, BYTES).bytes(), welcome.getSharedNonce())) {
                peer.write(answer(found.answer()));
                peer.write(RawPeer.tensor(EDGE, new FrameKey(0, 0, 0), Shape.of(4)));
                assertThat(reason(peer)).contains("a sender sends no TENSOR here");
            }
        }
        assertThat(receiver.awaitClosed()).isPresent();
    }

    /** What was sent before the end comes before the end. */
    @Test
    void aSenderThatEndsAtOnceIsStillHeardOut() throws Exception {
        try (DataPlane sender = DataPlane.open(DataPlaneOptions.defaults().withSharing(Sharing.in(folder)));
                TensorPool source = new TensorPool("source", BYTES, CREDITS)) {
            OutboundEdge edge = connect(sender, plane);
            edge.send(new FrameKey(0, 0, 0), source.lease(Shape.of(4)));
            edge.send(new FrameKey(0, 1, 0), source.lease(Shape.of(5)));
            edge.close();
            assertThat(receiver.awaitClosed()).isEmpty();
            for (int i = 0; i < CREDITS; i++) {
                Receiver.Arrival arrival = receiver.take();
                assertThat(arrival.key()).isEqualTo(new FrameKey(0, i, 0));
                arrival.lease().close();
            }
            assertThat(source.outstanding()).isZero();
        }
    }

    private String carrier(Sharing sender) throws Exception {
        try (DataPlane from = DataPlane.open(DataPlaneOptions.defaults().withSharing(sender))) {
            return carrier(from, plane, receiver);
        }
    }

    private String carrierTo(Sharing sharing) throws Exception {
        try (DataPlane from = DataPlane.open(DataPlaneOptions.defaults().withSharing(Sharing.in(folder)));
                DataPlane to = DataPlane.open(DataPlaneOptions.defaults().withSharing(sharing));
                Receiver there = new Receiver(to, EDGE, CREDITS, BYTES)) {
            return carrier(from, to, there);
        }
    }

    /** How an edge goes, over which a tensor has come. */
    private static String carrier(DataPlane from, DataPlane to, Receiver receiver) throws Exception {
        try (TensorPool source = new TensorPool("source", BYTES, 1)) {
            OutboundEdge edge = connect(from, to);
            edge.send(new FrameKey(0, 0, 0), source.lease(Shape.of(4)));
            receiver.take().lease().close();
            from.close();
            return edge.carrier();
        }
    }

    private static OutboundEdge connect(DataPlane from, DataPlane to) throws Exception {
        return from.connect(to.address(), EDGE, cause -> {})
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    private static Welcome offer(RawPeer peer) throws Exception {
        peer.write(RawPeer.message(FrameKind.HELLO, EDGE, Hellos.of(EDGE, "test", true)));
        Welcome welcome = Welcome.parseFrom(peer.read().payload());
        assertThat(welcome.getSharedFile()).isNotEmpty();
        return welcome;
    }

    private static byte[] answer(long nonce) {
        return RawPeer.message(
                FrameKind.SHARED,
                EDGE,
                Shared.newBuilder().setFound(true).setNonce(nonce).build());
    }

    private static String reason(RawPeer peer) throws Exception {
        RawPeer.Frame last = peer.read();
        assertThat(last.header().kind()).isEqualTo(FrameKind.GOODBYE);
        return Goodbye.parseFrom(last.payload()).getReason();
    }
}
