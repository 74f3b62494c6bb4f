package io.ketju.protocol.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.ketju.protocol.dataplane.DataPlaneException.Reason;
import io.ketju.protocol.dataplane.DataPlaneOptions.Timing;
import io.ketju.protocol.dataplane.message.Goodbye;
import io.ketju.protocol.frame.EdgeId;
import io.ketju.protocol.frame.FrameHeader;
import io.ketju.protocol.frame.FrameKey;
import io.ketju.protocol.frame.FrameKind;
import io.ketju.protocol.frame.TensorKind;
import io.ketju.tensor.DType;
import io.ketju.tensor.Shape;
import io.ketju.tensor.memory.TensorLease;
import io.ketju.tensor.memory.TensorPool;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A connection without sockets and without real time. */
class FrameChannelTest {
    private static final EdgeId EDGE = new EdgeId(1, 2, 3, 0, 1, TensorKind.ACTIVATION);

    private static final List<Shape> SHAPES = List.of(Shape.of(5), Shape.of(2, 2), Shape.of(0));

    private final InboundRegistry registry = new InboundRegistry();
    private final Stage stage = new Stage();
    private final InboundRegistration registration = new InboundRegistration(EDGE, stage, Long.MAX_VALUE);

    FrameChannelTest() {
        registry.add(registration);
        stage.pool.onRelease(() -> registration.giveBack(1));
    }

    @AfterEach
    void free() {
        assertThat(stage.pool.outstanding()).isZero();
        stage.pool.close();
    }

    @Test
    void aConnectionWorksWhereverItsStreamIsCut() throws Exception {
        byte[] stream = conversation();
        for (int cut = 0; cut <= stream.length; cut++) {
            stage.events.clear();
            EmbeddedChannel channel = open();
            channel.writeInbound(Unpooled.wrappedBuffer(stream, 0, cut));
            if (cut < stream.length) {
                channel.writeInbound(Unpooled.wrappedBuffer(stream, cut, stream.length - cut));
            }
            assertThat(stage.events).as("cut at %d", cut).containsExactly(arrival(0), arrival(1), arrival(2), "closed");
            assertThat(kinds(channel)).as("cut at %d", cut).startsWith(FrameKind.WELCOME);
            channel.finishAndReleaseAll();
        }
    }

    @Test
    void noLeaseOutlivesAStreamThatEndsAnywhere() throws Exception {
        byte[] stream = conversation();
        for (int end = 0; end < stream.length; end++) {
            stage.events.clear();
            EmbeddedChannel channel = open();
            channel.writeInbound(Unpooled.wrappedBuffer(stream, 0, end));
            channel.finishAndReleaseAll();
            assertThat(stage.pool.outstanding()).as("end at %d", end).isZero();
            InboundSession next =
                    new InboundSession(registry, Sharing.NONE, new RingPolls(), Entrances.open(Optional.empty()));
            assertThat(registration.attach(next))
                    .as("end at %d: all credits are back and the edge is free", end)
                    .isEqualTo(new InboundRegistration.Terms(2, 2, 64));
            registration.detach(next);
        }
    }

    @Test
    void heartbeatsAreSentAndSilenceEndsTheConnection() throws Exception {
        EmbeddedChannel channel = open();
        byte[] hello = RawPeer.message(FrameKind.HELLO, EDGE, Hellos.of(EDGE, "test", false));
        channel.writeInbound(Unpooled.wrappedBuffer(hello));
        for (int second = 1; second <= 9; second++) {
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
        }
        assertThat(channel.isOpen()).isTrue();
        assertThat(kinds(channel)).hasSize(10).endsWith(FrameKind.HEARTBEAT);
        channel.writeInbound(Unpooled.wrappedBuffer(heartbeat()));
        for (int second = 1; second <= 10; second++) {
            channel.advanceTimeBy(1, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
        }
        assertThat(channel.isOpen()).as("a heartbeat buys ten more seconds").isTrue();
        channel.advanceTimeBy(1, TimeUnit.SECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isFalse();
        assertThat(stage.cause.map(why -> ((DataPlaneException) why).reason())).hasValue(Reason.SILENCE);
        channel.finishAndReleaseAll();
    }

    @Test
    void theHandshakeHasItsDeadline() {
        EmbeddedChannel channel = open();
        channel.advanceTimeBy(4999, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isTrue();
        channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
        assertThat(channel.isOpen()).isFalse();
        assertThat(kinds(channel)).containsExactly(FrameKind.REFUSED);
        channel.finishAndReleaseAll();
    }

    private EmbeddedChannel open() {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.freezeTime();
        FrameChannel connection = new FrameChannel(
                new InboundSession(registry, Sharing.NONE, new RingPolls(), Entrances.open(Optional.empty())),
                Timing.DEFAULT);
        channel.pipeline().addLast(connection);
        connection.channelActive(channel.pipeline().context(connection));
        return channel;
    }

    private static byte[] heartbeat() {
        return RawPeer.message(FrameKind.HEARTBEAT, EDGE, Goodbye.getDefaultInstance());
    }

    /** Hello, three tensors with a heartbeat between them, goodbye. */
    private static byte[] conversation() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(RawPeer.message(FrameKind.HELLO, EDGE, Hellos.of(EDGE, "test", false)));
        for (int i = 0; i < SHAPES.size(); i++) {
            bytes.write(RawPeer.tensor(EDGE, new FrameKey(0, i, 0), SHAPES.get(i), payload(i)));
            bytes.write(heartbeat());
        }
        bytes.write(RawPeer.message(FrameKind.GOODBYE, EDGE, Goodbye.getDefaultInstance()));
        return bytes.toByteArray();
    }

    private static byte[] payload(int index) {
        byte[] payload = new byte[(int) SHAPES.get(index).bytes()];
        new Random(index).nextBytes(payload);
        return payload;
    }

    /** What the stage writes down when this tensor arrives. */
    private static String arrival(int index) {
        return index + " " + SHAPES.get(index) + " " + Arrays.toString(payload(index));
    }

    private static List<FrameKind> kinds(EmbeddedChannel channel) {
        List<FrameKind> kinds = new ArrayList<>();
        for (ByteBuf out = channel.readOutbound(); out != null; out = channel.readOutbound()) {
            kinds.add(FrameHeader.decode(out.nioBuffer()).kind());
            out.release();
        }
        return kinds;
    }

    private static final class Stage implements InboundEdge {
        final TensorPool pool = new TensorPool("stage", 64, 2);
        final List<String> events = new ArrayList<>();
        Optional<Throwable> cause = Optional.empty();

        @Override
        public int credits() {
            return 2;
        }

        @Override
        public long maxPayloadBytes() {
            return 64;
        }

        @Override
        public TensorLease lease(DType dtype, Shape shape) {
            return pool.lease(dtype, shape);
        }

        @Override
        public void arrived(FrameKey key, TensorLease lease) {
            try (lease) {
                byte[] bytes = lease.tensor().segment().toArray(ValueLayout.JAVA_BYTE);
                events.add(key.microbatch() + " " + lease.tensor().shape() + " " + Arrays.toString(bytes));
            }
        }

        @Override
        public void closed(Optional<Throwable> why) {
            cause = why;
            events.add("closed");
        }
    }
}
