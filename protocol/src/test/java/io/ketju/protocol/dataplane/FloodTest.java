package io.ketju.protocol.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.protocol.dataplane.DataPlaneException.Reason;
import io.ketju.protocol.dataplane.DataPlaneOptions.Timing;
import io.ketju.protocol.dataplane.message.Goodbye;
import io.ketju.protocol.frame.EdgeId;
import io.ketju.protocol.frame.FrameKey;
import io.ketju.protocol.frame.FrameKind;
import io.ketju.protocol.frame.TensorKind;
import io.ketju.tensor.Shape;
import io.ketju.tensor.memory.TensorPool;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A peer that got through its handshake and then floods: its connection ends with one line, and another edge goes on. */
@Timeout(60)
class FloodTest {
    private static final EdgeId EDGE = new EdgeId(1, 2, 3, 0, 1, TensorKind.ACTIVATION);
    private static final FrameKey KEY = new FrameKey(0, 0, 0);
    /** Longer than any of these tests writes. */
    private static final Timing PATIENT = new Timing(
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofSeconds(90),
            Duration.ofMillis(50));

    private static final Timing NERVOUS = new Timing(
            Duration.ofSeconds(5),
            Duration.ofSeconds(5),
            Duration.ofMillis(20),
            Duration.ofMillis(200),
            Duration.ofMillis(50));

    /** What a peer does after its handshake, until it is thrown out. */
    private interface Flood {
        void write(RawPeer peer) throws IOException;
    }

    @Test
    void garbageAfterTheHandshake() throws Exception {
        byte[] garbage = new byte[1 << 20];
        new Random(11).nextBytes(garbage);
        assertEnds(PATIENT, Reason.PROTOCOL, "a frame starts with KTJU", peer -> peer.write(garbage));
    }

    @Test
    void emptyFramesInMasses() throws Exception {
        byte[] beat = RawPeer.message(FrameKind.HEARTBEAT, EDGE, Goodbye.getDefaultInstance());
        byte[] many = new byte[1024 * beat.length];
        for (int i = 0; i < 1024; i++) {
            System.arraycopy(beat, 0, many, i * beat.length, beat.length);
        }
        assertEnds(PATIENT, Reason.PROTOCOL, "more than 262144 empty frames within 30000 ms", peer -> {
            for (int i = 0; i <= Pulse.MOST_BARE / 1024; i++) {
                peer.write(many);
            }
        });
    }

    @Test
    void aFrameThatNeverEnds() throws Exception {
        byte[] frame = RawPeer.tensor(EDGE, KEY, Shape.of(1 << 20));
        assertEnds(NERVOUS, Reason.SILENCE, "a frame does not end: a few bytes of it in 200 ms", peer -> {
            for (int at = 0; at < frame.length; at++) {
                peer.write(frame, at, at + 1);
                LockSupport.parkNanos(1_000_000);
            }
        });
    }

    /** Its credits wait for it in memory: not more than some. A channel that never flushes stands for a full socket. */
    @Test
    void aSenderThatReadsNothing() {
        EndOfEdge receiver = new EndOfEdge();
        InboundRegistry registry = new InboundRegistry();
        InboundRegistration edge = new InboundRegistration(EDGE, receiver, Long.MAX_VALUE);
        registry.add(edge);
        InboundSession session =
                new InboundSession(registry, Sharing.NONE, new RingPolls(), Entrances.open(Optional.empty()));
        EmbeddedChannel channel = new EmbeddedChannel(new Full(), new FrameChannel(session, PATIENT));
        try (TensorPool pool = new TensorPool("one", 0, 1)) {
            pool.onRelease(() -> edge.giveBack(1));
            receiver.leases(pool);
            channel.writeInbound(
                    Unpooled.wrappedBuffer(RawPeer.message(FrameKind.HELLO, EDGE, Hellos.of(EDGE, "test", false))));
            byte[] tensor = RawPeer.tensor(EDGE, KEY, Shape.of(0));
            int sent = 0;
            while (channel.isOpen() && sent < 20_000) {
                channel.writeInbound(Unpooled.wrappedBuffer(tensor));
                sent++;
            }
            assertThat(sent).isBetween(5_000, 15_000);
            assertThat(pool.outstanding()).isZero();
        }
        assertCause(receiver.now(), Reason.PROTOCOL, "the other side reads nothing, and sends tensors");
    }

    private static final class Full extends ChannelOutboundHandlerAdapter {
        @Override
        public void flush(ChannelHandlerContext ctx) {}
    }

    private static void assertEnds(Timing timing, Reason reason, String what, Flood flood) throws Exception {
        DataPlane from = DataPlane.open(DataPlaneOptions.defaults().withTiming(timing));
        DataPlane to = DataPlane.open(DataPlaneOptions.defaults().withTiming(timing));
        try (Traffic traffic = new Traffic(from, to, 1_000)) {
            EndOfEdge receiver = new EndOfEdge();
            TensorPool pool = new TensorPool("one", 4 << 20, 1);
            receiver.leases(pool);
            to.accept(EDGE, receiver);
            try (RawPeer peer = RawPeer.open(to.address(), EDGE)) {
                writeAll(peer, flood);
                traffic.pass(3);
                assertCause(receiver.await(), reason, what);
            }
            traffic.pass(3);
            from.close();
            to.close();
            assertThat(pool.outstanding()).isZero();
            pool.close();
        }
    }

    private static void writeAll(RawPeer peer, Flood flood) {
        try {
            flood.write(peer);
        } catch (IOException e) {
            return; // thrown out in the middle of it
        }
    }

    private static void assertCause(Optional<Throwable> cause, Reason reason, String what) {
        assertThat(cause)
                .hasValueSatisfying(thrown -> assertThat(thrown)
                        .hasMessageContaining(what)
                        .isInstanceOfSatisfying(
                                DataPlaneException.class,
                                e -> assertThat(e.reason()).isEqualTo(reason)));
    }
}
