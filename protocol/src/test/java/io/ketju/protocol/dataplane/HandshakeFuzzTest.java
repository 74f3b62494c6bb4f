package io.ketju.protocol.dataplane;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.ketju.protocol.dataplane.message.Challenge;
import io.ketju.protocol.dataplane.message.Credit;
import io.ketju.protocol.dataplane.message.Goodbye;
import io.ketju.protocol.dataplane.message.Proof;
import io.ketju.protocol.dataplane.message.Shared;
import io.ketju.protocol.dataplane.message.Welcome;
import io.ketju.protocol.frame.EdgeId;
import io.ketju.protocol.frame.FrameHeader;
import io.ketju.protocol.frame.FrameHeader.MessageHeader;
import io.ketju.protocol.frame.FrameKey;
import io.ketju.protocol.frame.FrameKind;
import io.ketju.protocol.frame.TensorKind;
import io.ketju.protocol.security.ClusterSecret;
import io.ketju.tensor.Shape;
import io.ketju.tensor.memory.TensorPool;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Conversations that no peer has, of frames whose checksums are right: random messages, in random order, changed at random.
 * Whatever comes, the connection ends with a cause or waits; nothing is thrown, and no lease is lost. {@code
 * -Dketju.fuzz.seed=7 -Dketju.fuzz.runs=2000000} for others, and more.
 */
class HandshakeFuzzTest {
    private static final EdgeId EDGE = new EdgeId(1, 2, 3, 0, 1, TensorKind.ACTIVATION);
    private static final long SEED = Long.getLong("ketju.fuzz.seed", 1);
    private static final int RUNS = Integer.getInteger("ketju.fuzz.runs", 3_000);
    private static final ClusterSecret SECRET = ClusterSecret.random();
    private static final ByteString NONCE = ByteString.copyFrom(new byte[ClusterSecret.BYTES]);

    private static final List<MessageLite> MESSAGES = List.of(
            Hellos.of(EDGE, "test", false),
            Hellos.of(EDGE, "test", true, NONCE),
            Challenge.newBuilder().setNonce(NONCE).setProof(NONCE).build(),
            Proof.newBuilder().setProof(NONCE).build(),
            Welcome.newBuilder()
                    .setCredits(2)
                    .setWindow(2)
                    .setMaxPayloadBytes(64)
                    .setSharedFile("ketju-00112233445566778899aabbccddeeff")
                    .build(),
            Shared.newBuilder().setFound(true).setNonce(5).build(),
            Credit.newBuilder().setCount(1).build(),
            Credit.newBuilder().setCount(-1).build(),
            Goodbye.newBuilder().setReason("why not").build(),
            Goodbye.getDefaultInstance());

    @Test
    void receiversAnswerWhateverComes() {
        for (int number = 0; number < RUNS; number++) {
            Random random = new Random(SEED * 1_000_003 + number);
            EndOfEdge receiver = new EndOfEdge();
            InboundRegistry registry = new InboundRegistry();
            InboundRegistration edge = new InboundRegistration(EDGE, receiver, Long.MAX_VALUE);
            registry.add(edge);
            Optional<ClusterSecret> secret = random.nextBoolean() ? Optional.of(SECRET) : Optional.empty();
            InboundSession session =
                    new InboundSession(registry, Sharing.NONE, new RingPolls(), Entrances.open(secret));
            try (TensorPool pool = new TensorPool("one", 64, 1)) {
                pool.onRelease(() -> edge.giveBack(1));
                receiver.leases(pool);
                converse(session, random, "seed " + SEED + ", number " + number);
                assertThat(pool.outstanding())
                        .as("seed %d, number %d", SEED, number)
                        .isZero();
            }
        }
    }

    @Test
    void sendersAnswerWhateverComes() {
        for (int number = 0; number < RUNS; number++) {
            Random random = new Random(SEED * 1_000_003 + number);
            PlaneSecurity security = random.nextBoolean() ? PlaneSecurity.of(SECRET) : PlaneSecurity.NONE;
            OutboundSession session = new OutboundSession(
                    EDGE, cause -> {}, DataPlaneOptions.defaults().withSecurity(security));
            converse(session, random, "seed " + SEED + ", number " + number);
            assertThat(session.outcome().toCompletableFuture())
                    .as("seed %d, number %d", SEED, number)
                    .isDone();
        }
    }

    /** What the session does not expect must end the connection, and never leave the pipeline. */
    private static void converse(Session session, Random random, String which) {
        EmbeddedChannel channel = new EmbeddedChannel(new FrameChannel(session, DataPlaneOptions.Timing.DEFAULT));
        try {
            for (int left = 1 + random.nextInt(6); left > 0; left--) {
                byte[] frame = frame(random);
                int cut = random.nextInt(frame.length + 1);
                for (byte[] piece : List.of(Arrays.copyOf(frame, cut), Arrays.copyOfRange(frame, cut, frame.length))) {
                    if (channel.isOpen()) {
                        channel.writeInbound(Unpooled.wrappedBuffer(piece));
                    }
                }
            }
            channel.finishAndReleaseAll();
            channel.checkException();
        } catch (RuntimeException e) {
            throw new AssertionError(which + ": " + e, e);
        }
    }

    private static byte[] frame(Random random) {
        if (random.nextInt(5) == 0) {
            return RawPeer.tensor(EDGE, new FrameKey(0, 0, 0), Shape.of(random.nextInt(20)));
        }
        List<FrameKind> kinds = new ArrayList<>(List.of(FrameKind.values()));
        kinds.remove(FrameKind.TENSOR);
        int which = random.nextInt(MESSAGES.size());
        FrameKind kind = random.nextInt(3) > 0 ? usual(MESSAGES.get(which)) : kinds.get(random.nextInt(kinds.size()));
        byte[] payload = MESSAGES.get(which).toByteArray();
        for (int left = random.nextInt(3); left > 0; left--) {
            payload = changed(payload, random);
        }
        EdgeId edge = random.nextInt(20) > 0 ? EDGE : new EdgeId(1, 2, 4, 0, 1, TensorKind.ACTIVATION);
        return RawPeer.frame(new MessageHeader(kind, edge, payload.length), payload);
    }

    private static FrameKind usual(MessageLite message) {
        return FrameKind.valueOf(message.getClass().getSimpleName().toUpperCase(java.util.Locale.ROOT));
    }

    private static byte[] changed(byte[] payload, Random random) {
        if (payload.length == 0 || random.nextInt(4) == 0) {
            byte[] longer = Arrays.copyOf(
                    payload, Math.min(payload.length + random.nextInt(64), FrameHeader.MAX_MESSAGE_BYTES));
            for (int at = payload.length; at < longer.length; at++) {
                longer[at] = (byte) random.nextInt();
            }
            return longer;
        }
        byte[] other = payload.clone();
        int at = random.nextInt(other.length);
        if (random.nextInt(4) == 0) {
            return Arrays.copyOf(other, at);
        }
        other[at] = (byte) random.nextInt();
        return other;
    }
}
